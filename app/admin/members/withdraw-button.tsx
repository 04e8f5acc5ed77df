"use client"

import { useTranslations } from "next-intl"
import { api } from "#components/api.ts"
import { ChangeButton } from "#components/calls/change-button.tsx"

export function WithdrawButton({ id, who }: { id: string; who: string }) {
  const t = useTranslations("admin.members")
  return (
    <ChangeButton
      variant="text"
      size="sm"
      aria-label={t("withdrawLabel", { who })}
      call={() => api.admin.users.withdrawInvite(id)}
    >
      {t("withdraw")}
    </ChangeButton>
  )
}
