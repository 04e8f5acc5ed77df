"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import type { ApiError } from "#components/calls/api-call.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { retryDrop } from "#components/drops/drops.ts"
import { LIMIT_INPUT } from "#components/shares/conditions/inputs.tsx"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"

/** Loaded when a setting requires a password. */
const passwordField = onDemand(
  () => import("#components/shares/conditions/share-password-field.tsx"),
)

type DropRefusedProps = {
  id: string
  refusal: ApiError
  /** Whether the link is being created again. */
  pending: boolean
}

/**
 * Explains why there is no link yet. If a condition is wrong or missing, for instance because of a
 * setting, asks for it here and creates the link with it.
 */
export function DropRefused({ id, refusal, pending }: DropRefusedProps) {
  const t = useTranslations("member.drop")
  const { field } = refusal
  const message = refusal.message || t("noLink")
  // A retry that fails for another reason asks for the same condition.
  const [asked, setAsked] = useState<Asked | null>(null)
  if (isAsked(field) && field !== asked) setAsked(field)
  if (asked)
    return <AskedForm key={asked} id={id} field={asked} message={message} pending={pending} />
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <ActionError unasked className="min-w-0 grow">
        {message}
      </ActionError>
      <Button variant="quiet" size="sm" pending={pending} onClick={() => retryDrop(id)}>
        {t("again")}
      </Button>
    </div>
  )
}

type Asked = "password" | "maxDownloads"

const isAsked = (field: string | null): field is Asked =>
  field === "password" || field === "maxDownloads"

type AskedFormProps = { id: string; field: Asked; message: string; pending: boolean }

function AskedForm({ id, field, message, pending }: AskedFormProps) {
  const t = useTranslations("member.conditions")
  const words = useTranslations("member.drop")
  const { part, loading } = useShownPart(passwordField, field === "password")
  const submit = (fields: FormData) =>
    retryDrop(
      id,
      field === "password"
        ? { password: formText(fields, "password") ?? "" }
        : { maxDownloads: Number(formText(fields, "maxDownloads")) },
    )

  return (
    <form
      method="post"
      className="flex items-end gap-2 max-sm:flex-col max-sm:items-stretch"
      onSubmit={onSubmit(submit)}
    >
      <div className="min-w-0 grow">
        {field === "maxDownloads" ? (
          <Field label={t(field)} name={field} error={message} required {...LIMIT_INPUT} />
        ) : part ? (
          <part.SharePasswordField label={t(field)} error={message} required />
        ) : (
          loading
        )}
      </div>
      <Button type="submit" pending={pending}>
        {words("makeLink")}
      </Button>
    </form>
  )
}
