"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { BodyOf } from "#lib/api/ask-by.ts"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import { quotaBytes as quotaOf } from "../quota-bytes.ts"

type ProfileFormProps = { member: Pick<MemberView, "id" | "name" | "email"> }

/** A member's name and address, which an admin can change. */
export function ProfileForm({ member: { id, name, email } }: ProfileFormProps) {
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

/** A member's storage limit, which an admin can change. */
export function QuotaForm({ id, quotaBytes }: { id: string; quotaBytes: number | null }) {
  const t = useTranslations("admin.members")
  const inGb = quotaBytes === null ? "" : String(quotaBytes / 1e9)
  return (
    <MemberForm id={id} changeOf={(form) => ({ quotaBytes: quotaOf(form) })}>
      {(errorOf) => (
        <Field
          key={inGb}
          label={t("inviteQuota")}
          hint={t("inviteQuotaHint")}
          name="quotaGb"
          inputMode="decimal"
          autoComplete="off"
          defaultValue={inGb}
          error={errorOf("quotaBytes")}
          className="w-full"
        />
      )}
    </MemberForm>
  )
}

type MemberFormProps = {
  id: string
  changeOf: (form: FormData) => BodyOf<"PATCH /admin/users/{id}">
  /** The fields, with the refusal of each. */
  children: (errorOf: (field: string) => string | undefined) => ReactNode
}

function MemberForm({ id, changeOf, children }: MemberFormProps) {
  const t = useTranslations("admin.members")
  const { run, pending, done, refused, errorOf } = useChange()
  return (
    <form
      method="post"
      onSubmit={onSubmit((form) =>
        run(() => ask("PATCH /admin/users/{id}", { id, body: changeOf(form) }, { slow: true })),
      )}
      className="flex max-w-88 flex-col items-start gap-4"
    >
      {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
      {children(errorOf)}
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
