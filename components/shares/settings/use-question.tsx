"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useRef, useState } from "react"
import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/** What a change asks about first: the link closes at once, or a protection is removed. */
export type Question = "end" | "reached" | "limit" | "password"

type Before = Pick<ShareView, "status"> & Partial<Pick<ShareView, "maxDownloads" | "downloads">>

/** Returns what a change asks about first; null if it does not. */
export function questionOf(share: Before, change: Conditions, now: Date): Question | null {
  const { maxDownloads: limit, expiresAt } = change
  const isUsable = share.status === "open" || share.status === "scheduled"
  if (isUsable && expiresAt && new Date(expiresAt) <= now) return "end"
  if (limit === null && share.maxDownloads) return "limit"
  if (isUsable && limit && limit <= (share.downloads ?? 0)) return "reached"
  return null
}

/**
 * Resolves with whether the change is confirmed. `finalFocus` is focused afterwards, where the
 * change removes the button that asked.
 */
export type Confirm = (
  question: Question,
  finalFocus?: () => HTMLElement | null,
) => Promise<boolean>

type Asked = { question: Question; answer: (confirmed: boolean) => void }

/** Asks for confirmation of a change. The caller renders `dialog`. */
export function useQuestion(): {
  dialog: ReactNode
  confirm: Confirm
} {
  const t = useTranslations("member.link.ask")
  const [asked, setAsked] = useState<Asked | null>(null)
  const [last, setLast] = useState<Question>("end")
  const focused = useRef<() => HTMLElement | null>(null)

  const confirm: Confirm = (question, finalFocus) => {
    setLast(question)
    focused.current = finalFocus ?? null
    return new Promise<boolean>((answer) => setAsked({ question, answer }))
  }

  function answer(confirmed: boolean) {
    asked?.answer(confirmed)
    setAsked(null)
  }

  const dialog = (
    <AlertDialog
      open={asked !== null}
      onOpenChange={(open) => !open && answer(false)}
      title={t(`${last}.title`)}
      description={t(`${last}.text`)}
      confirmLabel={t(`${last}.confirm`)}
      onConfirm={() => answer(true)}
      finalFocus={() => focused.current?.() ?? null}
    />
  )
  return { dialog, confirm }
}
