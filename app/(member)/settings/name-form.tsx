"use client"

import { useTranslations } from "next-intl"
import { useActionState } from "react"
import { Field } from "#components/ui/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { ActionState } from "#lib/web/action.ts"
import { saveName } from "./actions.ts"

export function NameForm({ name }: { name: string }) {
  const t = useTranslations("accounts")
  const [state, send] = useActionState<ActionState<null> | null, FormData>(saveName, null)
  const refusal = state?.ok === false ? state : null
  return (
    <form action={send} className="flex max-w-88 flex-col items-start gap-5">
      {refusal && !refusal.field && <Notice tone="danger">{refusal.message}</Notice>}
      <Field
        label={t("name")}
        hint={t("nameHint")}
        name="name"
        autoComplete="name"
        required
        maxLength={80}
        defaultValue={refusal?.values.name ?? name}
        error={refusal?.field ? refusal.message : undefined}
        className="w-full"
      />
      <SubmitButton variant="quiet">{t("settings.nameSubmit")}</SubmitButton>
      <p role="status" className="text-sm text-ok empty:hidden">
        {state?.ok && t("settings.nameSaved")}
      </p>
    </form>
  )
}
