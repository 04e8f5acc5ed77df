"use client"

import { useTranslations } from "next-intl"
import { formText } from "#components/calls/on-submit.ts"
import { Field } from "#components/ui/forms/field.tsx"
import type { MemberView } from "#lib/accounts/member.ts"
import { MemberForm } from "./member-form.tsx"

type MemberProfileFormProps = { member: Pick<MemberView, "id" | "name" | "email"> }

/** A member's name and address, which an admin can change. */
export function MemberProfileForm({ member: { id, name, email } }: MemberProfileFormProps) {
  const t = useTranslations("admin.members")
  const accounts = useTranslations("accounts")
  const profileOf = (form: FormData) => ({
    name: formText(form, "name") ?? "",
    email: formText(form, "email") ?? "",
  })

  return (
    <MemberForm id={id} changeOf={profileOf}>
      {(errorOf) => (
        <>
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
        </>
      )}
    </MemberForm>
  )
}
