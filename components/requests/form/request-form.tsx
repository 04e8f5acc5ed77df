"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useContext, useEffect, useRef, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import type { Refused } from "#components/calls/use-call.ts"
import { MessageField } from "#components/shares/conditions/inputs.tsx"
import { AllowedOption, Option } from "#components/shares/conditions/option.tsx"
import { SharePasswordField } from "#components/shares/conditions/share-password-field.tsx"
import { ExpiryField, StartField } from "#components/shares/conditions/share-time-fields.tsx"
import {
  TypingContext,
  useTypedBox,
  useTypedFlag,
  useTypedText,
} from "#components/ui/dialogs/typed-fields.ts"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field, Textarea } from "#components/ui/forms/field.tsx"
import { SuggestedField } from "#components/ui/forms/suggested-field.tsx"
import { NEW_REQUEST } from "#lib/rooms/requests/new-request.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { AskedFields } from "./asked-fields.tsx"
import { folderOf } from "./request-of-form.ts"
import { SizeField } from "./size-field.tsx"
import { SlugField } from "./slug-field.tsx"

const DAY_MS = 86_400_000

/** What the form shows of a request. */
type Shown = Omit<RequestView, NotShown> & { id: string | null }
type NotShown =
  | ("id" | "url" | "openTo" | "version" | "status" | "newFileCount" | "createdAt")
  | ("revokedAt" | "revokedBy" | "revokeReason")

const usualDays = ({ maxShareDays }: PageSettings) =>
  Math.min(NEW_REQUEST.days, maxShareDays ?? NEW_REQUEST.days)

/** A request as it is before its owner changes anything. */
const newRequest = (settings: PageSettings, now: Date): Shown => ({
  ...{ id: null, slug: null, title: "", message: "", folder: "", thanks: "", types: [] },
  ...{ startsAt: null, hasPassword: false, reusable: true, notices: true, retention: null },
  expiresAt: new Date(now.getTime() + usualDays(settings) * DAY_MS).toISOString(),
  ...{ maxFiles: NEW_REQUEST.maxFiles, maxBytes: NEW_REQUEST.maxBytes, maxFileBytes: null },
  fields: { name: "optional", address: "no", own: [] },
  ...{
    fileCount: 0,
    totalBytes: 0,
    arrivingFileCount: 0,
    arrivingBytes: 0,
    deliveries: 0,
    views: 0,
    botViews: 0,
  },
})

type RequestFormProps = {
  /** The request that is edited; null for a new one. */
  request: RequestView | null
  id: string
  settings: PageSettings
  /** Returns the server's time. */
  now: () => Date
  refused: Refused | null
  onSave: (form: FormData) => void
}

/** The form of a request. What is rarely changed is below *More settings*. */
export function RequestForm(props: RequestFormProps) {
  const { request, id, settings, now, onSave } = props
  const refused = props.refused && byField(props.refused)
  const t = useTranslations("member.requests.form")
  const [first] = useState(() => newRequest(settings, now()))
  const shown: Shown = request ?? first
  const [title, setTitle] = useState(shown.title)
  const titleField = useTypedText("title", shown.title)
  const folder = useTypedText("folder", shown.folder)
  const errorOf = (field: string) => (refused?.field === field ? refused.message : undefined)
  return (
    <form method="post" id={id} className="flex flex-col gap-5" onSubmit={onSubmit(onSave)}>
      <Field
        label={t("titleLabel")}
        {...titleField}
        onChange={(event) => {
          titleField.onChange(event)
          setTitle(event.currentTarget.value)
        }}
        required
        maxLength={200}
        placeholder={t("titleExample")}
        error={errorOf("title")}
      />
      <MessageField
        message={shown.message}
        example={t("messageExample")}
        error={errorOf("message")}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <SuggestedField
          label={t("folder")}
          hint={t("folderHint")}
          {...folder}
          maxLength={1_024}
          placeholder={folderOf(title || (titleField.defaultValue ?? ""))}
          suggest={() => ask("GET /files/folders", {})}
          error={errorOf("folder")}
        />
        <ExpiryField
          share={shown}
          maxShareDays={settings.maxShareDays}
          {...(!request && { keepText: t("endsUsual", { count: usualDays(settings) }) })}
          now={now}
          error={errorOf("expiresAt")}
        />
      </div>
      <More refused={refused}>
        <Limits shown={shown} errorOf={errorOf} />
        <Conditions shown={shown} settings={settings} errorOf={errorOf} />
        <AskedFields fields={shown.fields} errorOf={errorOf} />
        <ThanksField thanks={shown.thanks} error={errorOf("thanks")} />
        <SlugField slug={shown.slug} requestId={shown.id} error={errorOf("slug")} />
        <StartField share={shown} now={now} error={errorOf("startsAt")} />
      </More>
      {refused && !isField(refused.field ?? "") && <ActionError>{refused.message}</ActionError>}
    </form>
  )
}

/** A type of the list is refused by its place in it: the field is that of the list. */
const byField = ({ field, ...rest }: Refused): Refused => ({
  ...rest,
  field: field?.replace(/^types\.\d+$/, "types"),
})

/** The fields that are always in sight. */
const FIRST = ["title", "message", "folder", "expiresAt"]
const REST = [
  ...["maxFiles", "maxBytes", "maxFileBytes", "types", "retention", "password", "thanks", "slug"],
  "startsAt",
]
const OWN = /^fields\.own(\.\d\.label)?$/

const isRest = (field: string) => REST.includes(field) || OWN.test(field)
const isField = (field: string) => FIRST.includes(field) || isRest(field)

/** The names by which the rarely changed fields keep what is typed. */
const KEPT = [
  ...REST,
  ...["maxBytesUnit", "maxFileBytesUnit", "locked", "reusable", "notices", "later"],
  ...["askName", "askAddress", "own"],
]

/** The rarely changed fields, which are shown when one of them is refused or was typed in. */
function More({ refused, children }: { refused: Refused | null; children: ReactNode }) {
  const t = useTranslations("member.requests.form")
  const { read } = useContext(TypingContext)
  const [open, setOpen] = useState(() => KEPT.some((field) => read(field) !== undefined))
  const details = useRef<HTMLDetailsElement>(null)
  const isRefused = isRest(refused?.field ?? "")
  useEffect(() => {
    if (!isRefused || !details.current) return
    details.current.open = true
    details.current.querySelector<HTMLElement>("[aria-invalid]")?.focus()
  }, [isRefused])
  return (
    <details
      ref={details}
      open={open}
      className="border-t border-line"
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      // A closed part cannot take the focus.
      onInvalidCapture={({ currentTarget }) => {
        currentTarget.open = true
      }}
    >
      <summary className="min-h-11 cursor-pointer rounded-md py-3 text-sm font-medium text-soft hover:text-ink">
        {t("more")}
      </summary>
      <div className="flex flex-col gap-6 pt-2 pb-1">{children}</div>
    </details>
  )
}

type PartProps = { shown: Shown; errorOf: (field: string) => string | undefined }

function Limits({ shown, errorOf }: PartProps) {
  const t = useTranslations("member.requests.form")
  const optional = useTranslations("member.conditions")("optional")
  const maxFiles = useTypedText("maxFiles", String(shown.maxFiles))
  const types = useTypedText("types", shown.types.join(", "))
  const retention = useTypedText("retention", String(shown.retention ?? ""))
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-3 text-sm font-semibold">{t("limits")}</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t("maxFiles")}
          {...maxFiles}
          type="number"
          inputMode="numeric"
          min={1}
          max={10_000}
          required
          error={errorOf("maxFiles")}
        />
        <SizeField
          label={t("maxBytes")}
          name="maxBytes"
          bytes={shown.maxBytes}
          required
          error={errorOf("maxBytes")}
        />
        <SizeField
          label={t("maxFileBytes")}
          name="maxFileBytes"
          bytes={shown.maxFileBytes}
          error={errorOf("maxFileBytes")}
        />
        <Field
          label={t("types")}
          aside={optional}
          hint={t("typesHint")}
          {...types}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={errorOf("types")}
        />
        <Field
          label={t("retention")}
          aside={optional}
          hint={t("retentionHint")}
          {...retention}
          type="number"
          inputMode="numeric"
          min={1}
          max={3_650}
          error={errorOf("retention")}
        />
      </div>
    </fieldset>
  )
}

type ConditionsProps = PartProps & { settings: PageSettings }

function Conditions({ shown, settings, errorOf }: ConditionsProps) {
  const t = useTranslations("member.requests.form")
  const words = useTranslations("member.conditions")
  const isRequired = shown.id === null && settings.passwordRequired
  const [locked, setLocked] = useTypedFlag("locked", shown.hasPassword || isRequired)
  const error = errorOf("password")
  const reusable = useTypedBox("reusable", shown.reusable)
  return (
    <div className="flex flex-col divide-y divide-line border-y border-line">
      <Option
        label={words("password")}
        hint={t("passwordHint")}
        name="locked"
        checked={locked}
        onChange={({ currentTarget }) => setLocked(currentTarget.checked)}
      >
        {locked && (
          <SharePasswordField
            label={words(shown.hasPassword ? "newPassword" : "password")}
            required={!shown.hasPassword}
            hint={shown.hasPassword ? words("passwordKeep") : undefined}
            error={error}
          />
        )}
        {!locked && error && <ActionError>{error}</ActionError>}
      </Option>
      <Option label={t("reusable")} hint={t("reusableHint")} {...reusable} />
      <AllowedOption
        name="notices"
        on={shown.notices}
        allowed={settings.mail}
        hint={t("noticesHint")}
      />
    </div>
  )
}

function ThanksField({ thanks, error }: { thanks: string; error: ReactNode }) {
  const t = useTranslations("member.requests.form")
  const optional = useTranslations("member.conditions")("optional")
  const typed = useTypedText("thanks", thanks)
  return (
    <Field label={t("thanks")} aside={optional} error={error}>
      {(control) => (
        <Textarea
          {...control}
          {...typed}
          rows={2}
          maxLength={2_000}
          placeholder={t("thanksExample")}
        />
      )}
    </Field>
  )
}
