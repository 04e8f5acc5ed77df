import { useTranslations } from "next-intl"
import { EntryField, EntryForm } from "#components/pages/entry-form.tsx"
import type { RefusedForm } from "#lib/web/forms/refused-form.ts"
import { NEW_PASSWORD } from "./password-inputs.ts"

type NewMemberFormProps = {
  /** The URL that receives the form. */
  action: string
  /** The secret that authorizes the form: the setup code or the invitation's token. */
  secret: { name: string; value: string }
  /** The only address that the account may have; null or undefined: any. */
  email?: string | null
  /** The name that the form suggests. */
  name?: string | null
  /** Why the form was refused when it was sent without JavaScript. */
  refused: RefusedForm | null
  submitLabel: string
}

/** The form for name, email and password of a new member. */
export function NewMemberForm(props: NewMemberFormProps) {
  const { action, secret, email, name, refused, submitLabel } = props
  const t = useTranslations("accounts")
  return (
    <EntryForm action={action} refused={refused} submitLabel={submitLabel}>
      <input type="hidden" name={secret.name} value={secret.value} />
      <EntryField
        label={t("name")}
        hint={t("nameHint")}
        name="name"
        autoComplete="name"
        required
        maxLength={80}
        defaultValue={refused?.typed.name ?? name ?? undefined}
      />
      <EntryField
        label={t("email")}
        name="email"
        type="email"
        autoComplete="username"
        required
        maxLength={254}
        readOnly={Boolean(email)}
        defaultValue={email ?? refused?.typed.email}
      />
      <EntryField
        label={t("password")}
        hint={t("passwordHint")}
        name="password"
        {...NEW_PASSWORD}
      />
    </EntryForm>
  )
}
