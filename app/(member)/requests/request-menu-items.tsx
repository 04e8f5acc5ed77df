"use client"

import {
  Ban,
  CalendarPlus,
  Copy,
  ExternalLink,
  Pencil,
  RefreshCw,
  RotateCcw,
  Trash2,
  Users,
} from "lucide-react"
import { useTranslations } from "next-intl"
import { useEffect } from "react"
import { useOwnerChange } from "#components/accounts/teams/owner-change.tsx"
import { useRestoreRequest } from "#components/requests/revoke-request-dialog.tsx"
import { extensionOf } from "#components/shares/expiry/extension.ts"
import { useExtend, useExtensionText } from "#components/shares/expiry/use-extend.ts"
import { useCopyLink } from "#components/shares/use-copy-link.ts"
import { MenuItem, MenuSeparator } from "#components/ui/overlays/menu.tsx"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import type { RequestDialogs } from "./dialogs/use-request-dialogs.tsx"

type RequestMenuItemsProps = {
  request: RequestView
  dialogs: RequestDialogs
  now: string
  maxShareDays: number | null
}

/** The actions on a request as menu items. */
export function RequestMenuItems({ request, dialogs, now, maxShareDays }: RequestMenuItemsProps) {
  const t = useTranslations("member")
  const { extend } = useExtend("request")
  const extensionText = useExtensionText()
  const restore = useRestoreRequest()
  const copy = useCopyLink()
  const extension = extensionOf(request, new Date(now), maxShareDays)
  const revoked = request.status === "revoked"
  const { url } = request
  const byAdmin = request.revokedBy?.admin ?? false
  const { ask, preload } = dialogs
  const changeOwner = useOwnerChange()
  useEffect(() => preload(), [preload])
  return (
    <>
      {!revoked && url && (
        <>
          <MenuItem icon={Copy} onClick={() => void copy({ url, name: request.title })}>
            {t("shares.copyLink")}
          </MenuItem>
          <MenuItem icon={ExternalLink} onClick={() => window.open(url, "_blank", "noopener")}>
            {t("requests.menu.visit")}
          </MenuItem>
        </>
      )}
      <MenuItem icon={Pencil} onClick={() => ask("edit", request)}>
        {t("requests.edit")}
      </MenuItem>
      {extension && (
        <MenuItem icon={CalendarPlus} onClick={() => extend(request, extension, new Date(now))}>
          {extensionText(extension)}
        </MenuItem>
      )}
      {!revoked && (
        <MenuItem icon={RefreshCw} onClick={() => ask("new_link", request)}>
          {t("shares.menu.newLink")}
        </MenuItem>
      )}
      {changeOwner && (
        <MenuItem icon={Users} onClick={() => changeOwner({ requestIds: [request.id] })}>
          {t("ownerChange.item")}
        </MenuItem>
      )}
      <MenuSeparator />
      {!revoked ? (
        <MenuItem tone="danger" icon={Ban} onClick={() => ask("revoke", request)}>
          {t("shares.menu.revoke")}
        </MenuItem>
      ) : (
        <MenuItem icon={RotateCcw} disabled={byAdmin} onClick={() => restore(request.id)}>
          {t(byAdmin ? "shares.menu.restoreByAdmin" : "shares.menu.restore")}
        </MenuItem>
      )}
      <MenuItem tone="danger" icon={Trash2} onClick={() => ask("delete", request)}>
        {t("requests.menu.delete")}
      </MenuItem>
    </>
  )
}
