"use client"

import { useLocale, useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Field, Input } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import { inUnit, UNITS } from "#components/ui/forms/size-units.ts"
import { numberFormat } from "#lib/adapters/text/intl-formatters.ts"

type SizeFieldProps = {
  label: string
  name: string
  /** The size in bytes; null for none. */
  bytes: number | null
  required?: boolean
  error: ReactNode
}

const INTL_UNITS = { MB: "megabyte", GB: "gigabyte", TB: "terabyte" } as const

/** A size, as an amount and its unit; bytesOf reads it. */
export function SizeField({ label, name, bytes, required = false, error }: SizeFieldProps) {
  const t = useTranslations("member")
  const locale = useLocale()
  const { amount, unit } = bytes === null ? { amount: "", unit: "GB" } : inUnit(bytes)
  const typed = useTypedText(name, String(amount))
  const typedUnit = useTypedText(`${name}Unit`, unit)
  return (
    <Field label={label} aside={required ? undefined : t("conditions.optional")} error={error}>
      {(control) => (
        <div className="flex gap-2">
          <Input
            {...control}
            {...typed}
            type="number"
            inputMode="decimal"
            min={0}
            step="any"
            required={required}
            className="min-w-0"
          />
          <NativeSelect
            {...typedUnit}
            aria-label={t("requests.form.unit", { label })}
            className="w-24 shrink-0"
          >
            {UNITS.map(({ unit }) => (
              <option key={unit} value={unit}>
                {unitName(locale, INTL_UNITS[unit])}
              </option>
            ))}
          </NativeSelect>
        </div>
      )}
    </Field>
  )
}

/** The unit as sizes have it in this language: "Go" in French. */
const unitName = (locale: string, unit: string) =>
  numberFormat(locale, { style: "unit", unit, unitDisplay: "short" })
    .formatToParts(1)
    .find(({ type }) => type === "unit")?.value
