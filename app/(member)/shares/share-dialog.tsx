"use client"

import { useTranslations } from "next-intl"
import { useId } from "react"
import { api } from "#components/api.ts"
import { useChange } from "#components/calls/use-call.ts"
import { ShareArrivals } from "#components/shares/activity/share-arrivals.tsx"
import { conditionsOf } from "#components/shares/conditions/conditions-of-form.ts"
import { ShareConditions } from "#components/shares/conditions/share-conditions.tsx"
import { QrCode } from "#components/shares/qr-code.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareView } from "#lib/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"

export type ShareDialogReason = "created" | "created_and_copied" | "new_link" | "view" | "edit"

type ShareDialogProps = {
  share: ShareView
  reason: ShareDialogReason
  open: boolean
  onOpenChange: (open: boolean) => void
  onSaved: (share: ShareView) => void
  settings: PageSettings
  now: () => Date
}

/** A share's link, QR code and conditions; the conditions can be edited here. */
export function ShareDialog({
  share,
  reason,
  open,
  onOpenChange,
  onSaved,
  settings,
  now,
}: ShareDialogProps) {
  const t = useTranslations("member.dialog")
  const words = useTranslations("member.shares")
  const toast = useToast()
  const formId = useId()
  const { run, pending, refused, reset } = useChange()
  const fresh = reason === "created" || reason === "created_and_copied"
  const hasLink = share.status !== "revoked"
  return (
    <Dialog
      size="lg"
      keepAs={`share ${share.id}`}
      // The button that created the share disappeared with its uploads.
      {...(fresh && { finalFocus: () => document.querySelector<HTMLElement>("main") })}
      open={open}
      onOpenChange={(next) => {
        if (!next) reset()
        onOpenChange(next)
      }}
      title={
        fresh ? t("ready") : reason === "new_link" ? t("newLinkReady") : shareName(share, words)
      }
      description={reason === "created_and_copied" ? t("copiedAlready") : t(`lead.${share.status}`)}
      footer={
        <>
          <DialogClose render={<Button variant="quiet">{t(fresh ? "done" : "close")}</Button>} />
          <Button type="submit" form={formId} pending={pending}>
            {t("save")}
          </Button>
        </>
      }
    >
      {hasLink && (
        <div className="mb-6 flex items-center gap-6 max-sm:flex-col max-sm:items-stretch">
          <div className="min-w-0 grow">
            <CopyField label={t("link")} value={share.url} shareAs={shareName(share, words)} />
          </div>
          <div className="max-sm:self-center">
            <QrCode text={share.url} label={t("qr")} size={148} />
          </div>
        </div>
      )}
      {fresh && <ShareArrivals share={share} />}
      {!hasLink && (
        <div className="mb-6">
          <Notice>{t("revokedStays")}</Notice>
        </div>
      )}
      <h3 className="mb-4 border-t border-line pt-5 text-note">{t("conditions")}</h3>
      <ShareConditions
        key={share.id}
        share={share}
        id={formId}
        settings={settings}
        now={now}
        refused={refused}
        onSave={(form) =>
          run(
            () => api.shares.change(share.id, conditionsOf(form)),
            (saved) => {
              onSaved(saved)
              onOpenChange(false)
              toast({ title: t("saved"), tone: "ok" })
            },
          )
        }
      />
    </Dialog>
  )
}
