import { useTranslations } from "next-intl"
import { EntryForm } from "#components/pages/entry-form.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import type { RefusedForm } from "#lib/web/forms/refused-form.ts"

type NewMemberFormProps = {
  /** The URL that receives the form. */
  action: string
  /** The secret that authorizes the form: the setup code or the invitation's token. */
  secret: { name: string; value: string }
  /** The only address that the account may have; null or undefined: any. */
  email?: string | null
  /** The refusal of the form, when it is shown again. */
  refused: RefusedForm | null
  submitLabel: string
}

/** The form for name, email and password of a new member. */
export function NewMemberForm({ action, secret, email, refused, submitLabel }: NewMemberFormProps) {
  const t = useTranslations("accounts")
  const message = refused?.message ?? undefined
  const errorOf = (field: string) => (refused?.field === field ? message : undefined)
  return (
    <EntryForm
      action={action}
      notice={message && !refused?.field ? { tone: "danger", text: message } : null}
      submitLabel={submitLabel}
    >
      <input type="hidden" name={secret.name} value={secret.value} />
      <Field
        label={t("name")}
        hint={t("nameHint")}
        name="name"
        autoComplete="name"
        required
        maxLength={80}
        defaultValue={refused?.typed.name}
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
        defaultValue={email ?? refused?.typed.email}
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
    </EntryForm>
  )
}
