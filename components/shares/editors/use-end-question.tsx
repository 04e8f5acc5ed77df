"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"

type EndQuestion = {
  /** The question, which the caller renders. */
  question: ReactNode
  /** Resolves with whether to save the conditions. Asks first if they end the link now. */
  mayEnd: (conditions: Conditions) => Promise<boolean>
}

/** Asks before an open or scheduled link gets an end in the past. */
export function useEndQuestion(
  { status }: Pick<ShareView, "status">,
  now: () => Date,
): EndQuestion {
  const t = useTranslations("member.endNow")
  const [asked, ask] = useState<((ends: boolean) => void) | null>(null)

  async function mayEnd({ expiresAt }: Conditions) {
    const isOver = status !== "open" && status !== "scheduled"
    if (isOver || !expiresAt || new Date(expiresAt) > now()) return true
    return new Promise<boolean>((resolve) => ask(() => resolve))
  }

  function answer(ends: boolean) {
    asked?.(ends)
    ask(null)
  }

  const question = (
    <AlertDialog
      open={asked !== null}
      onOpenChange={(open) => !open && answer(false)}
      title={t("title")}
      description={t("text")}
      confirmLabel={t("confirm")}
      onConfirm={() => answer(true)}
    />
  )
  return { question, mayEnd }
}
