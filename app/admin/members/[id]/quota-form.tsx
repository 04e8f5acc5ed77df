"use client"

import { useTranslations } from "next-intl"
import { Field } from "#components/ui/forms/field.tsx"
import { quotaBytes as quotaOf } from "../quota-bytes.ts"
import { MemberForm } from "./member-form.tsx"

type QuotaFormProps = { id: string; quotaBytes: number | null }

export function QuotaForm({ id, quotaBytes }: QuotaFormProps) {
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
