"use client"

import { useTranslations } from "next-intl"
import { useActionState } from "react"
import { Field } from "#components/ui/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { ActionState } from "#lib/web/action.ts"
import { signIn } from "./actions.ts"

type SignInFormProps = {
  /** The path to go to after signing in. */
  next: string | null
  /** Why sign-in is asked for; hidden after the first try. */
  notice: string | null
  noticeTone: "plain" | "danger"
}

export function SignInForm({ next, notice, noticeTone }: SignInFormProps) {
  const t = useTranslations("accounts")
  const [state, send] = useActionState<ActionState<null> | null, FormData>(signIn, null)
  const refusal = state?.ok === false ? state : null
  return (
    <form action={send} className="flex flex-col gap-5">
      {refusal ? (
        <Notice tone="danger">{refusal.message}</Notice>
      ) : (
        notice && <Notice tone={noticeTone}>{notice}</Notice>
      )}
      {next && <input type="hidden" name="next" value={next} />}
      <Field
        label={t("email")}
        name="email"
        type="email"
        autoComplete="username"
        required
        defaultValue={refusal?.values.email}
      />
      <Field
        label={t("password")}
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      <SubmitButton wide>{t("signIn.submit")}</SubmitButton>
    </form>
  )
}
