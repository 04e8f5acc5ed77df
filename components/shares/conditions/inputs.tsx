"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Field, Textarea } from "#components/ui/forms/field.tsx"

/** The attributes of the input for a share's download limit. */
export const LIMIT_INPUT = { type: "number", inputMode: "numeric", min: 1, max: 1_000_000 } as const

/** The message to the visitors of a share. */
export function MessageField({ message, error }: { message: string; error: ReactNode }) {
  const t = useTranslations("member.conditions")
  const typed = useTypedText("message", message)
  return (
    <Field label={t("message")} aside={t("optional")} error={error}>
      {(control) => (
        <Textarea {...control} {...typed} maxLength={4_000} placeholder={t("messageExample")} />
      )}
    </Field>
  )
}
