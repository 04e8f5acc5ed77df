"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import type { ShareView } from "#lib/shares/share.ts"
import { LocalTime } from "../format.tsx"
import { zoneName } from "../format-time.ts"
import { useReader } from "../local-time.tsx"
import { Switch } from "../ui/checkbox.tsx"
import { Field, Input, Textarea } from "../ui/field.tsx"
import { NativeSelect } from "../ui/native-select.tsx"
import type { Refused } from "../use-act.ts"
import { useDurationText } from "../use-duration-text.ts"
import { allowedExpiries, type ExpiryChoice, expiryOf, isExpiryPreset } from "./expiry-choice.ts"
import { fromLocalInput, toLocalInput } from "./local-input.ts"

type ShareConditionsProps = {
  share: ShareView
  id: string
  maxShareDays: number | null
  refused: Refused | null
  onSubmit: (form: FormData) => void
}

/** The conditions under which a share opens, as a form. */
export function ShareConditions({
  share,
  id,
  maxShareDays,
  refused,
  onSubmit,
}: ShareConditionsProps) {
  const t = useTranslations("member.conditions")
  const [limited, setLimited] = useState(share.maxDownloads !== null)
  const [locked, setLocked] = useState(share.hasPassword)
  const errorOf = (...fields: string[]) =>
    refused?.field && fields.includes(refused.field) ? refused.message : undefined

  return (
    <form
      id={id}
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(new FormData(event.currentTarget))
      }}
    >
      <input type="hidden" name="id" value={share.id} />
      <Field
        label={t("title")}
        name="title"
        maxLength={200}
        defaultValue={share.title}
        placeholder={share.files[0]?.name}
        error={errorOf("title")}
      />
      <Field label={t("message")} aside={t("optional")} error={errorOf("message")}>
        {(control) => (
          <Textarea
            {...control}
            name="message"
            maxLength={4_000}
            defaultValue={share.message}
            placeholder={t("messageExample")}
          />
        )}
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <Expiry share={share} maxShareDays={maxShareDays} error={errorOf("expiresAt")} />
        <Start share={share} error={errorOf("startsAt")} />
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
          label={t("limit")}
          hint={t("limitHint")}
          name="limited"
          checked={limited}
          onChange={setLimited}
        >
          <Field
            label={t("maxDownloads")}
            name="maxDownloads"
            type="number"
            inputMode="numeric"
            min={1}
            max={1_000_000}
            required
            defaultValue={share.maxDownloads ?? 10}
            hint={share.downloads > 0 ? t("counted", { count: share.downloads }) : undefined}
            error={errorOf("maxDownloads")}
          />
        </Option>
        <div className="py-3.5">
          <Switch
            label={t("direct")}
            hint={t("directHint")}
            name="direct"
            defaultChecked={share.direct}
          />
        </div>
      </div>
      <MintLife share={share} error={errorOf("mintTtlSeconds")} />
      {refused && !FIELDS.includes(refused.field ?? "") && (
        <p role="alert" className="text-sm text-danger">
          {refused.message}
        </p>
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

/** Something that is off, or on with a value. */
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
      {checked && <div className="mt-3 pl-12.5">{children}</div>}
    </div>
  )
}

/** The zone a date-time of this browser is in, by name. */
function useZone() {
  const t = useTranslations("common")
  const reader = useReader()
  const name = zoneName(new Date(), reader)
  return "place" in name ? t("localZone", { place: name.place }) : name.name
}

type ExpiryProps = { share: ShareView; maxShareDays: number | null; error: ReactNode }

function Expiry({ share, maxShareDays, error }: ExpiryProps) {
  const t = useTranslations("member.conditions")
  const zone = useZone()
  const [choice, setChoice] = useState<ExpiryChoice>("keep")
  // In whole minutes, as the input has them.
  const [at, setAt] = useState(() =>
    toLocalInput(share.expiresAt ? new Date(share.expiresAt) : expiryOf("week", new Date())),
  )
  const lapses = isExpiryPreset(choice)
    ? expiryOf(choice, new Date()).toISOString()
    : choice === "keep"
      ? share.expiresAt
      : choice === "at"
        ? fromLocalInput(at)
        : null
  const choices: ExpiryChoice[] = ["keep", ...allowedExpiries(maxShareDays), "at"]
  return (
    <Field
      label={t("lapses")}
      error={error}
      hint={
        choice === "at" ? (
          zone
        ) : lapses ? (
          <LocalTime at={lapses} form="short" zone />
        ) : (
          t("neverHint")
        )
      }
    >
      {(control) => (
        <>
          <NativeSelect
            {...control}
            name="expires"
            value={choice}
            onChange={({ currentTarget }) => {
              const chosen = choices.find((one) => one === currentTarget.value)
              if (chosen) setChoice(chosen)
            }}
          >
            {choices
              .filter((one) => one !== "never" || share.expiresAt !== null)
              .map((one) => (
                <option key={one} value={one}>
                  {one === "keep" && share.expiresAt === null
                    ? t("expiry.never")
                    : t(`expiry.${one}`)}
                </option>
              ))}
          </NativeSelect>
          {choice === "at" && (
            <>
              <Input
                type="datetime-local"
                required
                aria-label={t("lapsesAtIn", { zone })}
                value={at}
                onChange={({ currentTarget }) => setAt(currentTarget.value)}
              />
              <input type="hidden" name="expiresAt" value={fromLocalInput(at) ?? ""} />
            </>
          )}
        </>
      )}
    </Field>
  )
}

function Start({ share, error }: { share: ShareView; error: ReactNode }) {
  const t = useTranslations("member.conditions")
  const zone = useZone()
  const [later, setLater] = useState(share.startsAt !== null)
  const [at, setAt] = useState(() =>
    toLocalInput(share.startsAt ? new Date(share.startsAt) : expiryOf("day", new Date())),
  )
  const same = share.startsAt ? later && toLocalInput(new Date(share.startsAt)) === at : !later
  return (
    <Field label={t("opens")} error={error} hint={later ? zone : undefined}>
      {(control) => (
        <>
          <NativeSelect
            {...control}
            value={later ? "at" : "now"}
            onChange={({ currentTarget }) => setLater(currentTarget.value === "at")}
          >
            <option value="now">{t("atOnce")}</option>
            <option value="at">{t("expiry.at")}</option>
          </NativeSelect>
          {later && (
            <Input
              type="datetime-local"
              required
              aria-label={t("opensAtIn", { zone })}
              value={at}
              onChange={({ currentTarget }) => setAt(currentTarget.value)}
            />
          )}
          <input type="hidden" name="starts" value={same ? "keep" : later ? "at" : "now"} />
          <input type="hidden" name="startsAt" value={fromLocalInput(at) ?? ""} />
        </>
      )}
    </Field>
  )
}

/** Seconds; an installation's own default and what a script has set are offered beside them. */
const MINT_LIVES = [15, 30, 60, 120, 300]

function MintLife({ share, error }: { share: ShareView; error: ReactNode }) {
  const t = useTranslations("member.conditions")
  const lasting = useDurationText()
  const choices = [...new Set([...MINT_LIVES, share.mintTtlSeconds])].sort((a, b) => a - b)
  return (
    <Field label={t("mintLife")} hint={t("mintLifeHint")} error={error}>
      {(control) => (
        <NativeSelect {...control} name="mintTtlSeconds" defaultValue="keep" className="sm:w-1/2">
          {choices.map((seconds) => (
            <option key={seconds} value={seconds === share.mintTtlSeconds ? "keep" : seconds}>
              {lasting(seconds)}
            </option>
          ))}
        </NativeSelect>
      )}
    </Field>
  )
}
