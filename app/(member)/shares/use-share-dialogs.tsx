"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { cutOffText } from "#components/cut-offs/cut-off-text.ts"
import { useServerTime } from "#components/local-time.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { AlertDialog } from "#components/ui/alert-dialog.tsx"
import { copyText } from "#components/ui/copy-text.ts"
import { useToast } from "#components/ui/toast.tsx"
import { type Refused, useAct } from "#components/use-act.ts"
import type { ShareView } from "#lib/shares/share.ts"
import type { ShareSettings } from "#lib/web/share-settings.ts"
import { createShareAction, cutOffShareAction, newLinkAction } from "./actions.ts"
import { RevokeDialog, useExposureText } from "./revoke-dialog.tsx"
import { ShareDialog, type ShareDialogReason } from "./share-dialog.tsx"
import { useRestore } from "./use-restore.ts"

type Shown = {
  dialog: "share" | "revoke" | "new_link"
  share: ShareView
  reason: ShareDialogReason
}

export type ShareDialogs = {
  /** The dialogs, for the caller to render once. */
  element: ReactNode
  creating: boolean
  create: (fileIds: string[], onCreated?: () => void) => void
  /** The same of all files in a folder, which the server finds by its path. */
  createOfFolder: (folder: string, onCreated?: () => void) => void
  showShare: (share: ShareView, reason: "view" | "edit") => void
  askRevoke: (share: ShareView) => void
  askNewLink: (share: ShareView) => void
  /** Ends the addresses handed out before. */
  cutOff: (share: ShareView) => void
  restore: (share: ShareView) => void
}

/** What a member can do with a share, and the dialogs for it, on a page of the server's time. */
export function useShareDialogs(settings: ShareSettings, serverNow: string): ShareDialogs {
  const t = useTranslations("member.dialog")
  const words = useTranslations("member.shares")
  const toast = useToast()
  const now = useServerTime(serverNow)
  const exposureText = useExposureText()
  const [shown, setShown] = useState<Shown | null>(null)
  // Separate from `shown`, which stays while a dialog fades out.
  const [open, setOpen] = useState(false)
  const creating = useAct(createShareAction)
  const renewing = useAct(newLinkAction)
  const cuttingOff = useAct(cutOffShareAction)
  const cutOffWords = useTranslations("common.cutOff")
  const restore = useRestore()

  function show(next: Shown) {
    renewing.reset()
    setShown(next)
    setOpen(true)
  }

  const failed = ({ message }: Refused) => toast({ title: message, tone: "danger" })

  const create = (fields: Record<string, string>, onCreated?: () => void) =>
    creating.act(
      fields,
      async (share) => {
        const copied = await copyText(share.url)
        onCreated?.()
        show({ dialog: "share", share, reason: copied ? "created_and_copied" : "created" })
      },
      failed,
    )

  const element = shown && (
    <>
      <ShareDialog
        share={shown.share}
        reason={shown.reason}
        open={open && shown.dialog === "share"}
        onOpenChange={setOpen}
        onSaved={(share) => setShown({ ...shown, share })}
        settings={settings}
        now={now}
      />
      <RevokeDialog
        share={shown.share}
        open={open && shown.dialog === "revoke"}
        onOpenChange={setOpen}
      />
      <AlertDialog
        open={open && shown.dialog === "new_link"}
        onOpenChange={setOpen}
        title={t("newLinkTitle", { name: shareName(shown.share, words) })}
        description={t("newLinkText", { views: shown.share.views })}
        confirmLabel={t("newLink")}
        tone="primary"
        pending={renewing.pending}
        onConfirm={() =>
          renewing.act({ id: shown.share.id }, (share) => {
            show({ dialog: "share", share, reason: "new_link" })
            if (share.exposedUntil)
              toast({ title: t("oldLinkEnded"), description: exposureText(share), timeout: 15_000 })
          })
        }
      >
        <Refusal message={renewing.refused?.message} />
      </AlertDialog>
    </>
  )

  return {
    element,
    creating: creating.pending,
    create: (fileIds, onCreated) => create({ files: fileIds.join(" ") }, onCreated),
    createOfFolder: (folder, onCreated) => create({ folder }, onCreated),
    showShare: (share, reason) => show({ dialog: "share", share, reason }),
    askRevoke: (share) => show({ dialog: "revoke", share, reason: "view" }),
    askNewLink: (share) => show({ dialog: "new_link", share, reason: "view" }),
    cutOff: ({ id }) =>
      cuttingOff.act(
        { id },
        ({ cutOff }) =>
          toast({ title: cutOff ? cutOffText(cutOff, cutOffWords) : t("noExposure") }),
        failed,
      ),
    restore,
  }
}

function Refusal({ message }: { message: string | undefined }) {
  return message ? (
    <p role="alert" className="text-sm text-danger">
      {message}
    </p>
  ) : null
}
