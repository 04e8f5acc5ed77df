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
import { type FilesToShare, findRecent, shareFiles } from "../share-once.ts"
import type { ShownShare } from "./share-dialogs-view.tsx"

/** The dialogs are loaded before or when the first one opens. */
const views = onDemand(() => import("./share-dialogs-view.tsx"))

export type ShareDialogs = {
  /** The element that the caller renders once. */
  element: ReactNode
  creating: boolean
  /**
   * Shares files once, and shows their link with a button to undo it. `agree` asks before files get
   * a new link, and calls its argument on agreement.
   */
  create: (files: FilesToShare, onCreated?: () => void, agree?: Agree) => void
  showShare: (share: ShareView, reason: "view" | "edit") => void
  askRevoke: (share: ShareView) => void
  askNewLink: (share: ShareView) => void
  /** Cuts off the URLs handed out before. */
  cutOff: (share: ShareView) => void
  restore: (share: ShareView) => void
  /** Preloads the dialogs, because one may open soon. */
  preload: () => void
}

type Agree = (onAgreed: () => void) => void

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

  /** Shows the share that `find` returns, else a new one of the files once that is agreed. */
  function create(files: FilesToShare, { onCreated, agree, find = findRecent }: Creating = {}) {
    // The second click of a double click may come before the button is disabled.
    if (isCreating.current) return
    isCreating.current = true
    creating.run(
      async () => {
        try {
          const found = await find(files, now())
          return { found, made: found || agree ? null : await shareFiles(files) }
        } finally {
          isCreating.current = false
        }
      },
      async ({ found, made }) => {
        const share = found ?? made
        if (!share) return agree?.(() => create(files, { onCreated, find: findNone }))
        const copied = await copyText(share.url)
        onCreated?.()
        const reason = found ? "found" : "created"
        const createAnother = () => create(files, { find: findNone })
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
        onOpenChange={setOpen}
      />
    ) : (
      loading
    )

  return {
    element,
    creating: creating.pending,
    create: (files, onCreated, agree) => create(files, { onCreated, agree }),
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

type Creating = {
  onCreated?: (() => void) | undefined
  agree?: Agree | undefined
  find?: typeof findRecent
}

const findNone: typeof findRecent = async () => null

/** Runs `act` after the next paint, so that slow work does not delay what a click shows. */
function afterPaint(act: () => void) {
  requestAnimationFrame(() => setTimeout(act))
}
