"use client"

import { useTranslations } from "next-intl"
import { NEW_PASSWORD, PASSWORD } from "#components/accounts/password-inputs.ts"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { BELOW_CONTROL, FIELD_ROW, ROW } from "#components/ui/forms/field-row.ts"
import { Notice } from "#components/ui/notice.tsx"

export function PasswordForm({ email }: { email: string }) {
  const t = useTranslations("accounts.settings")
  const words = useTranslations("accounts")
  const { run, pending, done, refused, errorOf } = useChange()
  const save = (fields: FormData, form: HTMLFormElement) =>
    run(
      () =>
        ask("POST /me/password", {
          body: {
            currentPassword: formText(fields, "currentPassword") ?? "",
            newPassword: formText(fields, "newPassword") ?? "",
          },
        }),
      () => form.reset(),
    )
  return (
    <form
      method="post"
      className="flex w-full flex-col items-start gap-5"
      onSubmit={onSubmit(save)}
    >
      {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
      {/* Names the account for password managers. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field
        label={t("currentPassword")}
        name="currentPassword"
        {...PASSWORD}
        error={errorOf("currentPassword")}
        className={FIELD_ROW}
      />
      <Field
        label={t("newPassword")}
        hint={words("passwordHint")}
        name="newPassword"
        {...NEW_PASSWORD}
        error={errorOf("newPassword")}
        className={FIELD_ROW}
      />
      <div className={`w-full ${ROW}`}>
        <div className={`flex flex-col items-start gap-3 ${BELOW_CONTROL}`}>
          <Button type="submit" variant="quiet" pending={pending}>
            {t("passwordSubmit")}
          </Button>
          <p role="status" className="text-sm text-ok empty:hidden">
            {done && t("passwordSaved")}
          </p>
        </div>
      </div>
    </form>
  )
}
