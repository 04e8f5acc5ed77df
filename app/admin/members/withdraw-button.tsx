"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"

export function WithdrawButton({ id, who }: { id: string; who: string }) {
  const t = useTranslations("admin.members")
  const { run, pending, refused } = useChange()
  return (
    <div className="flex items-center gap-3">
      {refused && (
        <span role="alert" className="text-sm text-danger">
          {refused.message}
        </span>
      )}
      <Button
        variant="text"
        size="sm"
        pending={pending}
        aria-label={t("withdrawLabel", { who })}
        onClick={() => run(() => ask("DELETE /admin/users/invites/{id}", { id }))}
      >
        {t("withdraw")}
      </Button>
    </div>
  )
}
