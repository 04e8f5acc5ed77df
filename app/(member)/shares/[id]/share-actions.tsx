"use client"

import { useTranslations } from "next-intl"
import { Button } from "#components/ui/button.tsx"
import type { ShareView } from "#lib/shares/share.ts"
import type { ShareDialogs } from "../use-share-dialogs.tsx"

type ShareActionsProps = { share: ShareView; dialogs: ShareDialogs }

/** Edits, revokes or restores a share. */
export function ShareActions({ share, dialogs }: ShareActionsProps) {
  const t = useTranslations("member.share")
  const revoked = share.status === "revoked"
  return (
    <div className="flex flex-wrap gap-2.5">
      <Button
        variant="quiet"
        onPointerEnter={dialogs.preload}
        onFocus={dialogs.preload}
        onClick={() => dialogs.showShare(share, "edit")}
      >
        {t("edit")}
      </Button>
      {revoked ? (
        <Button
          variant="quiet"
          disabled={share.revokedBy?.admin ?? false}
          onClick={() => dialogs.restore(share)}
        >
          {t("restore")}
        </Button>
      ) : (
        <Button
          variant="quiet"
          className="text-danger!"
          onPointerEnter={dialogs.preload}
          onFocus={dialogs.preload}
          onClick={() => dialogs.askRevoke(share)}
        >
          {t("revoke")}
        </Button>
      )}
    </div>
  )
}

/** Explains what restoring a revoked share does, or that only an admin can do it. */
export function RestoreText({ share }: { share: ShareView }) {
  const t = useTranslations("member.share")
  const byAdmin = share.revokedBy?.admin ?? false
  return (
    <p className="mb-6 max-w-[60ch] text-soft">
      {t(byAdmin ? "restoreByAdminText" : share.cutOff ? "restoreCutOffText" : "restoreText")}
    </p>
  )
}
