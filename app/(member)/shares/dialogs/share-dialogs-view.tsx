"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { RevokeDialog, useExposureText } from "#components/shares/revocation/revoke-dialog.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { ShareDialog, type ShareDialogReason } from "./share-dialog.tsx"

/** The dialog to show, and its share. */
export type ShownShare = {
  dialog: "share" | "revoke" | "new_link"
  share: ShareView
  reason: ShareDialogReason
  /** Whether the link was copied. */
  copied?: boolean
  /** Creates another link of the same files. */
  createAnother?: () => void
}

type ShareDialogsViewProps = {
  shown: ShownShare
  onShow: (shown: ShownShare) => void
  /** Replaces the share that is shown, which does not open a dialog that was closed meanwhile. */
  onSaved: (share: ShareView) => void
  /** Separate from `shown`, which is kept while the dialog fades out. */
  open: boolean
  onOpenChange: (open: boolean) => void
  settings: PageSettings
  now: () => Date
}

/** The dialogs about a share, at most one of them open. */
export function ShareDialogsView(props: ShareDialogsViewProps) {
  const { shown, open, onOpenChange, onSaved, settings, now } = props
  const { share, reason, copied = false, createAnother, dialog } = shown
  const { refresh } = useRouter()
  return (
    <>
      <ShareDialog
        share={share}
        reason={reason}
        copied={copied}
        createAnother={createAnother}
        open={open && dialog === "share"}
        onOpenChange={onOpenChange}
        onSaved={(saved) => {
          onSaved(saved)
          refresh()
        }}
        settings={settings}
        now={now}
      />
      <RevokeDialog
        share={share}
        open={open && dialog === "revoke"}
        onClose={() => onOpenChange(false)}
      />
      <NewLinkDialog {...props} open={open && dialog === "new_link"} />
    </>
  )
}

function NewLinkDialog({ shown: { share }, onShow, open, onOpenChange }: ShareDialogsViewProps) {
  const t = useTranslations("member.dialog")
  const words = useTranslations("member.shares")
  const toast = useToast()
  const exposureText = useExposureText()
  return (
    <ChangeDialog
      open={open}
      onClose={() => onOpenChange(false)}
      title={t("newLinkTitle", { name: shareName(share, words) })}
      description={t("newLinkText", { views: share.views })}
      confirmLabel={t("newLink")}
      tone="primary"
      call={() => ask("POST /shares/{id}/new-link", { id: share.id })}
      onDone={(renewed) => {
        onShow({ dialog: "share", share: renewed, reason: "new_link" })
        if (renewed.exposedUntil)
          toast({ title: t("oldLinkEnded"), description: exposureText(renewed), timeout: 15_000 })
      }}
    />
  )
}
