"use client"

import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Radio, Switch } from "#components/ui/forms/checkbox.tsx"
import { type ControlProps, Field, Input } from "#components/ui/forms/field.tsx"
import { BELOW_CONTROL, FIELD_ROW, ROW, SWITCH_ROW } from "#components/ui/forms/field-row.ts"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import { inUnit, UNITS } from "#components/ui/forms/size-units.ts"
import { MAX_OBJECT_BYTES } from "#lib/adapters/configuration/object-size.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { FieldName, SettingsView } from "#lib/rooms/settings/setting.ts"
import { WithCode } from "../with-code.tsx"

type SettingFieldProps = {
  name: FieldName
  setting: SettingsView[FieldName]
  error: string | undefined
  /** The class of a field with an unsaved change. */
  mark: string | undefined
  pending: boolean
  /** Called when the setting gets its default again. */
  onReset: () => void
}

type ControlOf = { name: FieldName; value: unknown }

/** One setting: its control, the source of its value, and a button that resets an admin's value. */
export function SettingField(props: SettingFieldProps) {
  const { name, setting, error, mark, pending, onReset } = props
  const t = useTranslations("settings")
  const label = t(`names.${name}`)
  const control = { name, value: setting.value }
  return (
    <div id={name} className={classNames("w-full scroll-mt-6", mark)}>
      {isFlag(name) ? (
        <FlagControl {...control} />
      ) : name === "inviters" || name === "unscannable" ? (
        <ChoiceControl {...control} name={name} />
      ) : (
        <Field
          label={label}
          hint={<WithCode text={t(`hints.${name}`)} />}
          error={error}
          className={FIELD_ROW}
        >
          {(props) => <TextControl {...control} control={props} />}
        </Field>
      )}
      <Source name={name} setting={setting} pending={pending} onReset={onReset} />
    </div>
  )
}

const FLAGS = [
  "passwordRequired",
  "verifiedOnly",
  "requests",
  "directLinks",
  "previews",
  "secondFactorRequired",
] as const
const isFlag = (name: FieldName): name is (typeof FLAGS)[number] =>
  FLAGS.some((flag) => flag === name)

function FlagControl({ name, value }: ControlOf) {
  const t = useTranslations("settings")
  return (
    <Switch
      name={name}
      defaultChecked={value === true}
      label={t(`names.${name}`)}
      hint={<WithCode text={t(`hints.${name}`)} />}
      className={SWITCH_ROW}
    />
  )
}

type Choice = "inviters" | "unscannable"

function ChoiceControl({ name, value }: { name: Choice; value: unknown }) {
  const t = useTranslations("settings")
  const choice = (one: string, label: string) => (
    <Radio key={one} name={name} value={one} defaultChecked={value === one} label={label} />
  )
  return (
    <fieldset className={`w-full ${ROW}`} aria-describedby={`${name}-hint`}>
      <legend className="sr-only">{t(`names.${name}`)}</legend>
      <div>
        <p aria-hidden className="text-sm font-medium">
          {t(`names.${name}`)}
        </p>
        <p id={`${name}-hint`} className="mt-1 text-xs text-soft">
          <WithCode text={t(`hints.${name}`)} />
        </p>
      </div>
      <div className="flex flex-col gap-2.5 max-lg:mt-3">
        {name === "inviters"
          ? (["admins", "members"] as const).map((one) => choice(one, t(`inviters.${one}`)))
          : (["hold", "release"] as const).map((one) => choice(one, t(`unscannable.${one}`)))}
      </div>
    </fieldset>
  )
}

function TextControl({ name, value, control }: ControlOf & { control: ControlProps }) {
  const t = useTranslations("settings")
  if (name === "recipientDomains")
    return <Input {...control} name={name} defaultValue={textOf(value)} spellCheck={false} />
  if (name !== "maxFileBytes") {
    return (
      <span className="flex items-center gap-2.5">
        <Input
          {...control}
          name={name}
          inputMode="numeric"
          defaultValue={typeof value === "number" ? value : ""}
          className="max-w-32"
        />
        <span aria-hidden className="text-soft">
          {t("days")}
        </span>
      </span>
    )
  }
  const isMost = Number(value) >= MAX_OBJECT_BYTES
  const { amount, unit } = isMost ? { amount: "", unit: "GB" } : inUnit(Number(value))
  return (
    <span className="flex items-center gap-2.5">
      <Input
        {...control}
        name={name}
        inputMode="decimal"
        defaultValue={amount}
        className="max-w-40"
      />
      <NativeSelect name={`${name}Unit`} aria-label={t("unitLabel")} defaultValue={unit}>
        {UNITS.map(({ unit }) => (
          <option key={unit} value={unit}>
            {t(`units.${unit}`)}
          </option>
        ))}
      </NativeSelect>
    </span>
  )
}

const textOf = (value: unknown) => (Array.isArray(value) ? value.join(", ") : "")

type SourceProps = Omit<SettingFieldProps, "error" | "mark">

function Source({ name, setting, pending, onReset }: SourceProps) {
  const t = useTranslations("settings")
  const { source, otherwise } = setting
  const words = useValue(name)
  if (source === "default") return null
  return (
    <div className={ROW}>
      <p
        className={`mt-1.5 flex flex-wrap items-center gap-x-2.5 text-xs text-soft ${BELOW_CONTROL}`}
      >
        <span>
          {t("source.admin")} {t("otherwise", { value: words(otherwise) })}
        </span>
        <Button
          variant="text"
          size="sm"
          className="-mx-3.25"
          disabled={pending}
          onClick={onReset}
          aria-label={t("resetLabel", { name: t(`names.${name}`) })}
        >
          {t("reset")}
        </Button>
      </p>
    </div>
  )
}

/** Returns a function that formats the value of a setting. */
function useValue(name: FieldName): (value: unknown) => ReactNode & string {
  const t = useTranslations("settings")
  const locale = useLocale()
  const nothing: Partial<Record<FieldName, string>> = {
    maxShareDays: t("values.noLimit"),
    recipientDomains: t("values.anyDomain"),
    defaultShareDays: t("values.never"),
    eventDays: t("values.forEver"),
    auditDays: t("values.forEver"),
  }
  return (value) => {
    if (typeof value === "boolean") return t(value ? "values.on" : "values.off")
    if (value === "admins" || value === "members") return t(`inviters.${value}`)
    if (value === "hold" || value === "release") return t(`unscannable.${value}`)
    if (Array.isArray(value)) return textOf(value)
    if (typeof value !== "number") return nothing[name] ?? ""
    return name === "maxFileBytes" ? formatBytes(value, locale) : t("values.days", { days: value })
  }
}
