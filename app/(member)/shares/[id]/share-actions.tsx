"use client"

import { useTranslations } from "next-intl"
import { blocksLinks } from "#components/cut-offs/cut-off-text.ts"
import { LinkActions } from "#components/pages/detail/link-actions.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { ShareDialogs } from "../dialogs/use-share-dialogs.tsx"

type ShareActionsProps = { share: ShareView; name: string; dialogs: ShareDialogs }

/** Opens, revokes or restores a share, and reports the effect of a restoration. */
export function ShareActions({ share, name, dialogs }: ShareActionsProps) {
  const t = useTranslations("member.share")
  const restoreText = blocksLinks(share.cutOff) ? "restoreCutOffText" : "restoreText"
  return (
    <LinkActions
      of={share}
      preload={dialogs.preload}
      name={name}
      visit={t("visit")}
      onNewLink={() => dialogs.askNewLink(share)}
      onRevoke={() => dialogs.askRevoke(share)}
      onRestore={() => dialogs.restore(share)}
      restoreText={t(share.revokedBy?.admin ? "restoreByAdminText" : restoreText)}
    />
  )
}
