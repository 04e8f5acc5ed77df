"use client"

import {
  Ban,
  CalendarPlus,
  ExternalLink,
  Pencil,
  QrCode,
  RefreshCw,
  RotateCcw,
  Unlink,
  Users,
} from "lucide-react"
import { useTranslations } from "next-intl"
import { useEffect } from "react"
import { useOwnerChange } from "#components/accounts/teams/owner-change.tsx"
import { extensionOf } from "#components/shares/expiry/extension.ts"
import { useExtend, useExtensionText } from "#components/shares/expiry/use-extend.ts"
import { MenuItem, MenuSeparator } from "#components/ui/overlays/menu.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { ShareDialogs } from "./dialogs/use-share-dialogs.tsx"

type ShareMenuItemsProps = {
  share: ShareView
  dialogs: ShareDialogs
  now: string
  maxShareDays: number | null
}

/** The actions on a share as menu items. */
export function ShareMenuItems({ share, dialogs, now, maxShareDays }: ShareMenuItemsProps) {
  const t = useTranslations("member.shares.menu")
  const { extend } = useExtend("share")
  const extensionText = useExtensionText()
  const extension = extensionOf(share, new Date(now), maxShareDays)
  const revoked = share.status === "revoked"
  const { id, url } = share
  const changeOwner = useOwnerChange()
  const ownerWords = useTranslations("member.ownerChange")
  const { preload } = dialogs
  useEffect(() => preload(), [preload])
  return (
    <>
      {!revoked && (
        <>
          <MenuItem icon={QrCode} onClick={() => dialogs.showShare(share, "view")}>
            {t("link")}
          </MenuItem>
          {url && (
            <MenuItem icon={ExternalLink} onClick={() => window.open(url, "_blank", "noopener")}>
              {t("visit")}
            </MenuItem>
          )}
        </>
      )}
      <MenuItem icon={Pencil} onClick={() => dialogs.showShare(share, "edit")}>
        {t("edit")}
      </MenuItem>
      {extension && (
        <MenuItem icon={CalendarPlus} onClick={() => extend(share, extension, new Date(now))}>
          {extensionText(extension)}
        </MenuItem>
      )}
      {!revoked && (
        <MenuItem icon={RefreshCw} onClick={() => dialogs.askNewLink(share)}>
          {t("newLink")}
        </MenuItem>
      )}
      {changeOwner && (
        <MenuItem icon={Users} onClick={() => changeOwner({ shareIds: [id] })}>
          {ownerWords("item")}
        </MenuItem>
      )}
      <MenuSeparator />
      {share.exposedUntil && !share.cutOff && (
        <MenuItem tone="danger" icon={Unlink} onClick={() => dialogs.cutOff(share)}>
          {t("cutOff")}
        </MenuItem>
      )}
      {!revoked ? (
        <MenuItem tone="danger" icon={Ban} onClick={() => dialogs.askRevoke(share)}>
          {t("revoke")}
        </MenuItem>
      ) : (
        <MenuItem
          icon={RotateCcw}
          disabled={share.revokedBy?.admin ?? false}
          onClick={() => dialogs.restore(share)}
        >
          {t(share.revokedBy?.admin ? "restoreByAdmin" : "restore")}
        </MenuItem>
      )}
    </>
  )
}
