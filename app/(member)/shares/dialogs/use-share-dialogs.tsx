"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useRef, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { cutOffText } from "#components/cut-offs/cut-off-text.ts"
import { useRestore } from "#components/shares/revocation/use-restore.ts"
import { useServerTime } from "#components/time/local-time.tsx"
import { copyText } from "#components/ui/forms/copy-text.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { type FilesToShare, shareAgain, shareOnce } from "../share-once.ts"
import type { ShownShare } from "./share-dialogs-view.tsx"

/** The dialogs are loaded before or when the first one opens. */
const views = onDemand(() => import("./share-dialogs-view.tsx"))

export type ShareDialogs = {
  /** The element that the caller renders once. */
  element: ReactNode
  creating: boolean
  /** Shares files once, and shows their link with a button to undo it. */
  create: (files: FilesToShare, onCreated?: () => void) => void
  showShare: (share: ShareView, reason: "view" | "edit") => void
  askRevoke: (share: ShareView) => void
  askNewLink: (share: ShareView) => void
  /** Cuts off the URLs handed out before. */
  cutOff: (share: ShareView) => void
  restore: (share: ShareView) => void
  /** Preloads the dialogs, because one may open soon. */
  preload: () => void
}

/**
 * The dialogs about a member's shares. `serverNow` is the server's time when the page was rendered.
 */
export function useShareDialogs(settings: PageSettings, serverNow: string): ShareDialogs {
  const t = useTranslations("member.dialog")
  const toast = useToast()
  const now = useServerTime(serverNow)
  const [shown, setShown] = useState<ShownShare | null>(null)
  // Separate from `shown`, which is kept while the dialog fades out.
  const [open, setOpen] = useState(false)
  const creating = useToastedChange()
  const isCreating = useRef(false)
  const cuttingOff = useToastedChange()
  const cutOffWords = useTranslations("common.cutOff")
  const restore = useRestore()

  const { part, loading } = useShownPart(views, open, () => setOpen(false))

  function show(next: ShownShare) {
    setShown(next)
    setOpen(true)
  }

  function create(files: FilesToShare, onCreated?: () => void, share = shareOnce) {
    // The second click of a double click may come before the button is disabled.
    if (isCreating.current) return
    isCreating.current = true
    creating.run(
      () =>
        share(files, now()).finally(() => {
          isCreating.current = false
        }),
      async ({ share, isNew }) => {
        const copied = share.url !== null && (await copyText(share.url))
        onCreated?.()
        const reason = isNew ? "created" : "found"
        const createAnother = () => create(files, undefined, shareAgain)
        show({ dialog: "share", share, reason, copied, createAnother })
      },
    )
  }

  const element =
    shown && part ? (
      <part.ShareDialogsView
        shown={shown}
        open={open}
        settings={settings}
        now={now}
        onShow={show}
        onSaved={(share) =>
          setShown((last) => (last?.share.id === share.id ? { ...last, share } : last))
        }
        onOpenChange={setOpen}
      />
    ) : (
      loading
    )

  return {
    element,
    creating: creating.pending,
    create: (files, onCreated) => create(files, onCreated),
    // The dialog takes long to render, and the list of shares is rendered with it.
    showShare: (share, reason) => afterPaint(() => show({ dialog: "share", share, reason })),
    askRevoke: (share) => show({ dialog: "revoke", share, reason: "view" }),
    askNewLink: (share) => show({ dialog: "new_link", share, reason: "view" }),
    cutOff: ({ id }) =>
      cuttingOff.run(
        () => ask("POST /shares/{id}/cut-off", { id }),
        ({ cutOff }) =>
          toast({ title: cutOff ? cutOffText(cutOff, cutOffWords) : t("noExposure") }),
      ),
    restore,
    preload: views.load,
  }
}

/** Runs `act` after the next paint, so that slow work does not delay what a click shows. */
function afterPaint(act: () => void) {
  requestAnimationFrame(() => setTimeout(act))
}
