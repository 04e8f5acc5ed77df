"use client"

import { useTranslations } from "next-intl"
import { useActionState } from "react"
import { LocalTime } from "#components/local-time.tsx"
import { CopyField } from "#components/ui/copy-field.tsx"
import { Field } from "#components/ui/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { ActionState } from "#lib/web/action.ts"
import { inviteSomeone } from "./actions.ts"

type Made = { url: string; expiresAt: string }

/** Makes an invitation, where a policy lets members do so. */
export function InviteForm() {
  const t = useTranslations("accounts.inviteSomeone")
  const [state, send] = useActionState<ActionState<Made> | null, FormData>(inviteSomeone, null)
  const refusal = state?.ok === false ? state : null
  return (
    <form action={send} className="flex max-w-88 flex-col items-start gap-5">
      {refusal && !refusal.field && <Notice tone="danger">{refusal.message}</Notice>}
      <Field
        label={t("email")}
        aside={t("optional")}
        hint={t("emailHint")}
        name="email"
        type="email"
        autoComplete="off"
        maxLength={254}
        defaultValue={refusal?.values.email}
        error={refusal?.field ? refusal.message : undefined}
        className="w-full"
      />
      <SubmitButton variant="quiet">{t("submit")}</SubmitButton>
      <div role="status" className="w-full empty:hidden">
        {state?.ok && (
          <>
            <CopyField label={t("link")} value={state.result.url} />
            <p className="mt-2 text-sm text-soft">
              {t.rich("until", { until: () => <LocalTime at={state.result.expiresAt} /> })}
            </p>
          </>
        )}
      </div>
    </form>
  )
}
