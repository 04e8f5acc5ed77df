"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { ChangeButton } from "#components/calls/change-button.tsx"

export function WithdrawButton({ id, who }: { id: string; who: string }) {
  const t = useTranslations("admin.members")
  return (
    <ChangeButton
      variant="text"
      size="sm"
      aria-label={t("withdrawLabel", { who })}
      call={() => ask("DELETE /admin/users/invites/{id}", { id })}
    >
      {t("withdraw")}
    </ChangeButton>
  )
}
