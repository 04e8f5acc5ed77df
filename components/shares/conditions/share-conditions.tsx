"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { onSubmit } from "#components/calls/on-submit.ts"
import type { Refused } from "#components/calls/use-call.ts"
import { useTypedFlag, useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Switch } from "#components/ui/forms/checkbox.tsx"
import { Field, Textarea } from "#components/ui/forms/field.tsx"
import type { ShareView } from "#lib/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { DirectOption } from "./direct-option.tsx"
import { LinkLifetimeField } from "./link-lifetime.tsx"
import { NoticesOption } from "./notices-option.tsx"
import { ReadingOptions } from "./reading-options.tsx"
import { ExpiryField, StartField } from "./share-time-fields.tsx"

type ShareConditionsProps = {
  share: ShareView
  id: string
  settings: PageSettings
  /** Returns the server's time. */
  now: () => Date
  refused: Refused | null
  onSave: (form: FormData) => void
}

/** The form of a share's conditions. An unsaved password is never kept. */
export function ShareConditions({
  share,
  id,
  settings,
  now,
  refused,
  onSave,
}: ShareConditionsProps) {
  const t = useTranslations("member.conditions")
  const title = useTypedText("title", share.title)
  const message = useTypedText("message", share.message)
  const [locked, setLocked] = useTypedFlag("locked", share.hasPassword)
  const [limited, setLimited] = useTypedFlag("limited", share.maxDownloads !== null)
  const maxDownloads = useTypedText("maxDownloads", String(share.maxDownloads ?? 10))
  const errorOf = (...fields: string[]) =>
    refused?.field && fields.includes(refused.field) ? refused.message : undefined

  return (
    <form method="post" id={id} className="flex flex-col gap-5" onSubmit={onSubmit(onSave)}>
      <Field
        label={t("title")}
        {...title}
        maxLength={200}
        placeholder={share.files[0]?.name}
        error={errorOf("title")}
      />
      <Field label={t("message")} aside={t("optional")} error={errorOf("message")}>
        {(control) => (
          <Textarea {...control} {...message} maxLength={4_000} placeholder={t("messageExample")} />
        )}
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <ExpiryField
          share={share}
          maxShareDays={settings.maxShareDays}
          now={now}
          error={errorOf("expiresAt")}
        />
        <StartField share={share} now={now} error={errorOf("startsAt")} />
      </div>
      <div className="flex flex-col border-y border-line">
        <Option
          label={t("password")}
          hint={t("passwordHint")}
          name="locked"
          checked={locked}
          onChange={setLocked}
        >
          <Field
            label={t(share.hasPassword ? "newPassword" : "password")}
            name="password"
            type="text"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={200}
            required={!share.hasPassword}
            minLength={4}
            hint={share.hasPassword ? t("passwordKeep") : undefined}
            error={errorOf("password")}
          />
        </Option>
        <Option
          label={t(share.viewOnly ? "viewerLimit" : "limit")}
          hint={t("limitHint")}
          name="limited"
          checked={limited}
          onChange={setLimited}
        >
          <Field
            label={t(share.viewOnly ? "maxViewers" : "maxDownloads")}
            {...maxDownloads}
            type="number"
            inputMode="numeric"
            min={1}
            max={1_000_000}
            required
            hint={share.downloads > 0 ? t("counted", { count: share.downloads }) : undefined}
            error={errorOf("maxDownloads")}
          />
        </Option>
        <DirectOption direct={share.direct} allowed={settings.directLinks} />
        <ReadingOptions share={share} allowed={settings.previews} />
        <NoticesOption notices={share.notices} mail={settings.mail} />
      </div>
      <LinkLifetimeField seconds={share.mintTtlSeconds} error={errorOf("mintTtlSeconds")} />
      {refused && !FIELDS.includes(refused.field ?? "") && (
        <ActionError>{refused.message}</ActionError>
      )}
    </form>
  )
}

const FIELDS = [
  "title",
  "message",
  "expiresAt",
  "startsAt",
  "password",
  "maxDownloads",
  "mintTtlSeconds",
]

type OptionProps = {
  label: string
  hint: string
  name: string
  checked: boolean
  onChange: (checked: boolean) => void
  children: ReactNode
}

/** A condition that is off, or on with a value. */
function Option({ label, hint, name, checked, onChange, children }: OptionProps) {
  return (
    <div className="border-b border-line py-3.5">
      <Switch
        label={label}
        hint={hint}
        name={name}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {checked && <div className="mt-3 ps-12.5">{children}</div>}
    </div>
  )
}
