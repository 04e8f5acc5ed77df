"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Field } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"

/** In seconds. The present lifetime is added where it is another. */
const LIFETIMES = [15, 30, 60, 120, 300]

type LinkLifetimeFieldProps = {
  /** The present lifetime. */
  seconds: number
  error: ReactNode
}

/** How long each download address of a share works. */
export function LinkLifetimeField({ seconds: present, error }: LinkLifetimeFieldProps) {
  const t = useTranslations("member.conditions")
  const durationText = useDurationText()
  const lifetime = useTypedText("mintTtlSeconds", "keep")
  const choices = [...new Set([...LIFETIMES, present])].sort((a, b) => a - b)
  return (
    <Field label={t("linkLifetime")} hint={t("linkLifetimeHint")} error={error}>
      {(control) => (
        <NativeSelect {...control} {...lifetime} className="sm:w-1/2">
          {choices.map((seconds) => (
            <option key={seconds} value={seconds === present ? "keep" : seconds}>
              {durationText(seconds)}
            </option>
          ))}
        </NativeSelect>
      )}
    </Field>
  )
}

/** Formats seconds, as minutes where they are whole: "15 seconds", "2 minutes". */
export function useDurationText() {
  const t = useTranslations("common")
  return (seconds: number) =>
    seconds % 60 === 0 ? t("minutes", { count: seconds / 60 }) : t("seconds", { count: seconds })
}
