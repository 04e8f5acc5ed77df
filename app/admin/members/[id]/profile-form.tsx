"use client"

import { useTranslations } from "next-intl"
import { api } from "#components/api.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { MemberView } from "#lib/accounts/member.ts"

type ProfileFormProps = { member: Pick<MemberView, "id" | "name" | "email"> }

/** A member's name and address, which an admin can change. */
export function ProfileForm({ member: { id, name, email } }: ProfileFormProps) {
  const t = useTranslations("admin.members")
  const accounts = useTranslations("accounts")
  const { run, pending, done, refused } = useChange()
  const errorOf = (field: string) => (refused?.field === field ? refused.message : undefined)

  const save = (form: FormData) =>
    run(() =>
      api.admin.users.change(id, {
        name: formText(form, "name") ?? "",
        email: formText(form, "email") ?? "",
      }),
    )

  return (
    <form
      method="post"
      onSubmit={onSubmit(save)}
      className="flex max-w-88 flex-col items-start gap-4"
    >
      {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
      <Field
        label={accounts("name")}
        name="name"
        autoComplete="off"
        required
        maxLength={80}
        defaultValue={name}
        error={errorOf("name")}
        className="w-full"
      />
      <Field
        label={t("inviteEmail")}
        hint={t("profileEmailHint")}
        name="email"
        type="email"
        autoComplete="off"
        required
        maxLength={254}
        defaultValue={email}
        error={errorOf("email")}
        className="w-full"
      />
      <div className="flex items-center gap-4">
        <Button type="submit" variant="quiet" pending={pending}>
          {t("quotaSubmit")}
        </Button>
        <p role="status" className="text-sm text-ok empty:hidden">
          {done && t("quotaSaved")}
        </p>
      </div>
    </form>
  )
}
