"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Field, Textarea } from "#components/ui/forms/field.tsx"

/** The attributes of the input for a share's download limit. */
export const LIMIT_INPUT = { type: "number", inputMode: "numeric", min: 1, max: 1_000_000 } as const

type MessageFieldProps = {
  message: string
  error: ReactNode
  /** An example in place of the one for shares. */
  example?: string
  className?: string
}

/** The message to those who open the link. */
export function MessageField({ message, error, example, className }: MessageFieldProps) {
  const t = useTranslations("member.conditions")
  const typed = useTypedText("message", message)
  return (
    <Field
      label={t("message")}
      aside={!className && t("optional")}
      error={error}
      className={className}
    >
      {(control) => (
        <Textarea
          {...control}
          {...typed}
          maxLength={4_000}
          placeholder={example ?? t("messageExample")}
        />
      )}
    </Field>
  )
}
