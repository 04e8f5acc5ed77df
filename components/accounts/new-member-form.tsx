"use client"

import { useTranslations } from "next-intl"
import { useActionState } from "react"
import { Field } from "#components/ui/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { ActionState } from "#lib/web/action.ts"

type State = ActionState<null> | null

type NewMemberFormProps = {
  action: (state: State, form: FormData) => Promise<ActionState<null>>
  /** The secret that permits the form: the setup code or the invite's token. */
  secret: { name: string; value: string }
  /** Where it is given, the account is for this address alone. */
  email?: string | null
  submitLabel: string
}

/** Name, email and password of a new member. */
export function NewMemberForm({ action, secret, email, submitLabel }: NewMemberFormProps) {
  const t = useTranslations("accounts")
  const [state, send] = useActionState<State, FormData>(action, null)
  const refusal = state?.ok === false ? state : null
  const errorOf = (field: string) => (refusal?.field === field ? refusal.message : undefined)
  const fields = ["name", "email", "password"]
  return (
    <form action={send} className="flex flex-col gap-5">
      {refusal && !fields.includes(refusal.field ?? "") && (
        <Notice tone="danger">{refusal.message}</Notice>
      )}
      <input type="hidden" name={secret.name} value={secret.value} />
      <Field
        label={t("name")}
        hint={t("nameHint")}
        name="name"
        autoComplete="name"
        required
        maxLength={80}
        defaultValue={refusal?.values.name}
        error={errorOf("name")}
      />
      <Field
        label={t("email")}
        name="email"
        type="email"
        autoComplete="username"
        required
        maxLength={254}
        readOnly={Boolean(email)}
        defaultValue={email ?? refusal?.values.email}
        error={errorOf("email")}
      />
      <Field
        label={t("password")}
        hint={t("passwordHint")}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        maxLength={200}
        error={errorOf("password")}
      />
      <SubmitButton wide>{submitLabel}</SubmitButton>
    </form>
  )
}
