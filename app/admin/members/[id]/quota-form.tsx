"use client"

import { useTranslations } from "next-intl"
import { useActionState } from "react"
import { Field } from "#components/ui/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { ActionState } from "#lib/web/action.ts"
import { setQuota } from "../actions.ts"

type QuotaFormProps = { id: string; quotaBytes: number | null }

export function QuotaForm({ id, quotaBytes }: QuotaFormProps) {
  const t = useTranslations("admin.members")
  const [state, send] = useActionState<ActionState<null> | null, FormData>(setQuota, null)
  const refusal = state?.ok === false ? state : null
  const inGb = quotaBytes === null ? "" : String(quotaBytes / 1e9)
  return (
    <form action={send} className="flex max-w-88 flex-col items-start gap-4">
      {refusal && !refusal.field && <Notice tone="danger">{refusal.message}</Notice>}
      <input type="hidden" name="id" value={id} />
      <Field
        key={inGb}
        label={t("inviteQuota")}
        hint={t("inviteQuotaHint")}
        name="quotaGb"
        inputMode="decimal"
        autoComplete="off"
        defaultValue={refusal?.values.quotaGb ?? inGb}
        error={refusal?.field ? refusal.message : undefined}
        className="w-full"
      />
      <div className="flex items-center gap-4">
        <SubmitButton variant="quiet">{t("quotaSubmit")}</SubmitButton>
        <p role="status" className="text-sm text-ok empty:hidden">
          {state?.ok && t("quotaSaved")}
        </p>
      </div>
    </form>
  )
}
