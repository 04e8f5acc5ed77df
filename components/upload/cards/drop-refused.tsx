"use client"

import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import type { ApiError } from "#components/calls/api-call.ts"
import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { retryDrop } from "#components/upload/drops/drops.ts"

type DropRefusedProps = { id: string; refusal: ApiError }

/**
 * Explains why there is no link yet. If a condition is wrong or missing, for instance because of a
 * setting, asks for it here and creates the link with it.
 */
export function DropRefused({ id, refusal }: DropRefusedProps) {
  const t = useTranslations("member.drop")
  const { field, message } = refusal
  if (field === "password" || field === "maxDownloads")
    return <Asked key={field} id={id} field={field} message={message} />
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <ActionError unasked className="min-w-0 grow">
        {message || t("noLink")}
      </ActionError>
      <Button variant="quiet" size="sm" onClick={() => retryDrop(id)}>
        {t("again")}
      </Button>
    </div>
  )
}

type AskedProps = { id: string; field: "password" | "maxDownloads"; message: string }

function Asked({ id, field, message }: AskedProps) {
  const t = useTranslations("member.conditions")
  const words = useTranslations("member.drop")
  const [value, setValue] = useState("")

  function submit(event: FormEvent) {
    event.preventDefault()
    const conditions: Conditions =
      field === "password" ? { password: value } : { maxDownloads: Number(value) }
    retryDrop(id, conditions)
  }

  return (
    <form
      method="post"
      className="flex items-end gap-2 max-sm:flex-col max-sm:items-stretch"
      onSubmit={submit}
    >
      <Field
        className="min-w-0 grow"
        label={t(field)}
        error={message}
        value={value}
        onChange={({ currentTarget }) => setValue(currentTarget.value)}
        required
        {...(field === "password"
          ? { minLength: 4, maxLength: 200, autoComplete: "off", autoCapitalize: "none" }
          : { type: "number", inputMode: "numeric", min: 1, max: 1_000_000 })}
      />
      <Button type="submit">{words("makeLink")}</Button>
    </form>
  )
}
