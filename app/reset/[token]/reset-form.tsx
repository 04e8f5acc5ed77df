"use client"

import { useTranslations } from "next-intl"
import { useActionState } from "react"
import { Field } from "#components/ui/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { ActionState } from "#lib/web/action.ts"
import { resetPassword } from "./actions.ts"

type State = ActionState<null> | null

export function ResetForm({ token, email }: { token: string; email: string }) {
  const t = useTranslations("accounts")
  const [state, send] = useActionState<State, FormData>(resetPassword, null)
  const refusal = state?.ok === false ? state : null
  return (
    <form action={send} className="flex flex-col gap-5">
      {refusal && refusal.field !== "password" && <Notice tone="danger">{refusal.message}</Notice>}
      <input type="hidden" name="token" value={token} />
      {/* Password managers store the new password for this address. */}
      <Field
        label={t("email")}
        name="email"
        type="email"
        autoComplete="username"
        readOnly
        defaultValue={email}
      />
      <Field
        label={t("settings.newPassword")}
        hint={t("passwordHint")}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        maxLength={200}
        error={refusal?.field === "password" ? refusal.message : undefined}
      />
      <SubmitButton wide>{t("reset.submit")}</SubmitButton>
    </form>
  )
}
