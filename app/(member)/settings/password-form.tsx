"use client"

import { useTranslations } from "next-intl"
import { useActionState } from "react"
import { Field } from "#components/ui/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { ActionState } from "#lib/web/action.ts"
import { savePassword } from "./actions.ts"

export function PasswordForm({ email }: { email: string }) {
  const t = useTranslations("accounts.settings")
  const words = useTranslations("accounts")
  const [state, send] = useActionState<ActionState<null> | null, FormData>(savePassword, null)
  const refusal = state?.ok === false ? state : null
  const errorOf = (field: string) => (refusal?.field === field ? refusal.message : undefined)
  return (
    <form action={send} className="flex max-w-88 flex-col items-start gap-5">
      {refusal && !refusal.field && <Notice tone="danger">{refusal.message}</Notice>}
      {/* Names the account for password managers. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field
        label={t("currentPassword")}
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        required
        error={errorOf("currentPassword")}
        className="w-full"
      />
      <Field
        label={t("newPassword")}
        hint={words("passwordHint")}
        name="newPassword"
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        maxLength={200}
        error={errorOf("newPassword")}
        className="w-full"
      />
      <SubmitButton variant="quiet">{t("passwordSubmit")}</SubmitButton>
      <p role="status" className="text-sm text-ok empty:hidden">
        {state?.ok && t("passwordSaved")}
      </p>
    </form>
  )
}
