"use client"

import { Ban, CalendarPlus, Copy } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { RevokeRequestDialog } from "#components/requests/revoke-request-dialog.tsx"
import { extensionOf } from "#components/shares/expiry/extension.ts"
import { useExtend, useExtensionText } from "#components/shares/expiry/use-extend.ts"
import { RevokeDialog } from "#components/shares/revocation/revoke-dialog.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { useCopyLink } from "#components/shares/use-copy-link.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import type { ShareKind, ShareView } from "#lib/rooms/shares/share.ts"
import type { Act, ActGroup } from "./act.ts"

type Acts = { group: ActGroup; element: ReactNode }

type UseShareActs = { share: ShareView | null; maxShareDays: number | null }

/** What the buttons of a share do that was found, and the dialog that one of them opens. */
export function useShareActs({ share, maxShareDays }: UseShareActs): Acts {
  const t = useTranslations("member.shares")
  const revoking = useRevoking<ShareView>()
  const { shown, isOpen, close, open } = revoking
  return {
    group: useLinkActs({
      kind: "share",
      link: share && { ...share, name: shareName(share, t) },
      maxShareDays,
      onRevoke: () => share && open(share),
    }),
    element: shown && <RevokeDialog share={shown} open={isOpen} onClose={close} />,
  }
}

type UseRequestActs = { request: RequestView | null; maxShareDays: number | null }

/** What the buttons of a request do that was found, and the dialog that one of them opens. */
export function useRequestActs({ request, maxShareDays }: UseRequestActs): Acts {
  const { shown, isOpen, close, open } = useRevoking<RequestView>()
  return {
    group: useLinkActs({
      kind: "request",
      link: request && { ...request, name: request.title },
      maxShareDays,
      onRevoke: () => request && open(request),
    }),
    element: shown && <RevokeRequestDialog request={shown} open={isOpen} onClose={close} />,
  }
}

/** What is about to be revoked, which is kept while its dialog fades out. */
function useRevoking<Revocable>() {
  const [shown, setShown] = useState<Revocable | null>(null)
  const [isOpen, setOpen] = useState(false)
  return {
    shown,
    isOpen,
    close: () => setOpen(false),
    open(next: Revocable) {
      setShown(next)
      setOpen(true)
    },
  }
}

type UseLinkActs = {
  kind: ShareKind
  link: (Pick<ShareView, "id" | "url" | "status" | "expiresAt"> & { name: string }) | null
  maxShareDays: number | null
  onRevoke: () => void
}

function useLinkActs({ kind, link, maxShareDays, onRevoke }: UseLinkActs): ActGroup {
  const t = useTranslations("member.shares")
  const { extend } = useExtend(kind)
  const extensionText = useExtensionText()
  const copy = useCopyLink()
  if (!link || link.status === "revoked") return { value: kind, items: [] }

  const { name, url } = link
  const now = new Date()
  const extension = extensionOf(link, now, maxShareDays)
  const look = { size: 18, strokeWidth: 1.75 }
  const items: Act[] = []
  if (url)
    items.push({
      id: `copy link of ${kind}`,
      label: t("copyLink"),
      icon: <Copy {...look} />,
      target: () => void copy({ url, name }),
    })
  if (extension)
    items.push({
      id: `extend ${kind}`,
      label: extensionText(extension),
      icon: <CalendarPlus {...look} />,
      target: () => extend(link, extension, now),
    })
  items.push({
    id: `revoke ${kind}`,
    label: t("menu.revoke"),
    icon: <Ban {...look} />,
    target: onRevoke,
  })
  return { value: name, items }
}
