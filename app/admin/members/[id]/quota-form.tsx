"use client"

import { useTranslations } from "next-intl"
import { api } from "#components/api.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { quotaBytes as quotaOf } from "../quota-bytes.ts"

type QuotaFormProps = { id: string; quotaBytes: number | null }

export function QuotaForm({ id, quotaBytes }: QuotaFormProps) {
  const t = useTranslations("admin.members")
  const { run, pending, done, refused } = useChange()
  const inGb = quotaBytes === null ? "" : String(quotaBytes / 1e9)

  const save = (form: FormData) =>
    run(() => api.admin.users.change(id, { quotaBytes: quotaOf(form) }))

  return (
    <form
      method="post"
      onSubmit={onSubmit(save)}
      className="flex max-w-88 flex-col items-start gap-4"
    >
      {refused && !refused.field && <Notice tone="danger">{refused.message}</Notice>}
      <Field
        key={inGb}
        label={t("inviteQuota")}
        hint={t("inviteQuotaHint")}
        name="quotaGb"
        inputMode="decimal"
        autoComplete="off"
        defaultValue={inGb}
        error={refused?.field ? refused.message : undefined}
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
