"use client"

import { useTranslations } from "next-intl"
import { useActionState } from "react"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { ActionState } from "#lib/web/action.ts"
import { withdrawInvite } from "./actions.ts"

export function WithdrawButton({ id, who }: { id: string; who: string }) {
  const t = useTranslations("admin.members")
  const [state, send] = useActionState<ActionState<null> | null, FormData>(withdrawInvite, null)
  return (
    <form action={send} className="flex items-center gap-3">
      <input type="hidden" name="id" value={id} />
      {state?.ok === false && (
        <span role="alert" className="text-sm text-danger">
          {state.message}
        </span>
      )}
      <SubmitButton variant="text" size="sm" aria-label={t("withdrawLabel", { who })}>
        {t("withdraw")}
      </SubmitButton>
    </form>
  )
}
