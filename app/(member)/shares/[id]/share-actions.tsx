"use client"

import { useTranslations } from "next-intl"
import { useId } from "react"
import { blocksLinks } from "#components/cut-offs/cut-off-text.ts"
import { Button } from "#components/ui/button.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { ShareDialogs } from "../dialogs/use-share-dialogs.tsx"

type ShareActionsProps = { share: ShareView; dialogs: ShareDialogs }

/** Edits, revokes or restores a share, and says what a restoration does. */
export function ShareActions({ share, dialogs }: ShareActionsProps) {
  const t = useTranslations("member.share")
  const hint = useId()
  const revoked = share.status === "revoked"
  const byAdmin = share.revokedBy?.admin ?? false
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <div className="flex flex-wrap gap-2.5">
        <Button
          variant="quiet"
          size="sm"
          onPointerEnter={dialogs.preload}
          onFocus={dialogs.preload}
          onClick={() => dialogs.showShare(share, "edit")}
        >
          {t("edit")}
        </Button>
        {revoked ? (
          <Button
            variant="quiet"
            size="sm"
            disabled={byAdmin}
            aria-describedby={hint}
            onClick={() => dialogs.restore(share)}
          >
            {t("restore")}
          </Button>
        ) : (
          <Button
            variant="quiet"
            size="sm"
            className="text-danger!"
            onPointerEnter={dialogs.preload}
            onFocus={dialogs.preload}
            onClick={() => dialogs.askRevoke(share)}
          >
            {t("revoke")}
          </Button>
        )}
      </div>
      {revoked && (
        <p id={hint} className="max-w-[38ch] text-sm text-soft sm:text-end">
          {t(
            byAdmin
              ? "restoreByAdminText"
              : blocksLinks(share.cutOff)
                ? "restoreCutOffText"
                : "restoreText",
          )}
        </p>
      )}
    </div>
  )
}
