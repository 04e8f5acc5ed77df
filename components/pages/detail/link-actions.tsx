"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useId } from "react"
import { Button } from "#components/ui/button.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"

type LinkActionsProps = {
  /** The share or request that the page is about. */
  of: Pick<ShareView, "status" | "revokedBy">
  /** Loads the dialogs, before one is opened. */
  preload: () => void
  onEdit: () => void
  onRevoke: () => void
  onRestore: () => void
  /** The effect of a restoration, or why the owner cannot restore it. */
  restoreText: string
  /** Other actions. */
  children?: ReactNode
}

/** Edits, revokes or restores a share or request. */
export function LinkActions(props: LinkActionsProps) {
  const { of, preload, onEdit, onRevoke, onRestore, restoreText, children } = props
  const t = useTranslations("member.share")
  const hint = useId()
  const revoked = of.status === "revoked"
  const loads = { onPointerEnter: preload, onFocus: preload }
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <div className="flex flex-wrap items-center gap-2.5">
        <Button variant="quiet" size="sm" {...loads} onClick={onEdit}>
          {t("edit")}
        </Button>
        {revoked ? (
          <Button
            variant="quiet"
            size="sm"
            disabled={of.revokedBy?.admin ?? false}
            aria-describedby={hint}
            onClick={onRestore}
          >
            {t("restore")}
          </Button>
        ) : (
          <Button variant="quiet" size="sm" className="text-danger!" {...loads} onClick={onRevoke}>
            {t("revoke")}
          </Button>
        )}
        {children}
      </div>
      {revoked && (
        <p id={hint} className="max-w-[38ch] text-sm text-soft sm:text-end">
          {restoreText}
        </p>
      )}
    </div>
  )
}
