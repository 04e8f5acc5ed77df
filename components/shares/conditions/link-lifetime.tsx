"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Field } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"

/** The offered lifetimes, in seconds. The current lifetime is added if it is missing. */
const LIFETIMES = [15, 30, 60, 120, 300]

type LinkLifetimeFieldProps = {
  /** The current lifetime in seconds. */
  seconds: number
  error: ReactNode
  className?: string
}

/** Selects how long each download URL of a share is valid. */
export function LinkLifetimeField({ seconds: present, error, className }: LinkLifetimeFieldProps) {
  const t = useTranslations("member.conditions")
  const durationText = useDurationText()
  const lifetime = useTypedText("mintTtlSeconds", "keep")
  const choices = [...new Set([...LIFETIMES, present])].sort((a, b) => a - b)
  return (
    <Field
      label={t("linkLifetime")}
      hint={t("linkLifetimeHint")}
      error={error}
      className={className}
    >
      {(control) => (
        <NativeSelect {...control} {...lifetime} className={className ? undefined : "sm:w-1/2"}>
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

/** Returns a function that formats seconds, as minutes where they are whole: "2 minutes". */
export function useDurationText() {
  const t = useTranslations("common")
  return (seconds: number) =>
    seconds % 60 === 0 ? t("minutes", { count: seconds / 60 }) : t("seconds", { count: seconds })
}
