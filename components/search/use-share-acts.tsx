"use client"

import { Ban, CalendarPlus, Copy } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { extensionOf } from "#components/shares/expiry/extension.ts"
import { useExtend, useExtensionText } from "#components/shares/expiry/use-extend.ts"
import { RevokeDialog } from "#components/shares/revocation/revoke-dialog.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { copyText } from "#components/ui/forms/copy-text.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { Act, ActGroup } from "./act.ts"

type UseShareActs = { share: ShareView | null; maxShareDays: number | null }

/** The actions on a share that was found, and the dialog that one of them opens. */
export function useShareActs({ share, maxShareDays }: UseShareActs): {
  group: ActGroup
  element: ReactNode
} {
  const t = useTranslations("member.shares")
  const toast = useToast()
  const { extend } = useExtend()
  const extensionText = useExtensionText()
  const [revoking, setRevoking] = useState<ShareView | null>(null)
  const [isAsked, setAsked] = useState(false)
  const element = revoking && (
    <RevokeDialog share={revoking} open={isAsked} onClose={() => setAsked(false)} />
  )
  if (!share || share.status === "revoked") return { group: { value: "share", items: [] }, element }

  const name = shareName(share, t)
  const now = new Date()
  const extension = extensionOf(share, now, maxShareDays)
  const look = { size: 18, strokeWidth: 1.75 }
  const items: Act[] = [
    {
      id: "copy link",
      label: t("copyLink"),
      icon: <Copy {...look} />,
      async target() {
        const isCopied = await copyText(share.url)
        // Without permission to copy, the toast shows the link.
        toast({
          title: isCopied ? t("linkCopied") : t("copyLink"),
          description: isCopied ? name : share.url,
          ...(isCopied && { tone: "ok" }),
        })
      },
    },
  ]
  if (extension)
    items.push({
      id: "extend",
      label: extensionText(extension),
      icon: <CalendarPlus {...look} />,
      target: () => extend(share, extension, now),
    })
  items.push({
    id: "revoke",
    label: t("menu.revoke"),
    icon: <Ban {...look} />,
    target() {
      setRevoking(share)
      setAsked(true)
    },
  })
  return { group: { value: name, items }, element }
}
