"use client"

import { useTranslations } from "next-intl"
import { useId } from "react"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { ShareArrivals } from "#components/shares/activity/share-arrivals.tsx"
import { type Conditions, conditionsOf } from "#components/shares/conditions/conditions-of-form.ts"
import { ShareConditions } from "#components/shares/conditions/share-conditions.tsx"
import { useEndQuestion } from "#components/shares/editors/use-end-question.tsx"
import { PagePreview } from "#components/shares/preview/page-preview.tsx"
import { previewConditions } from "#components/shares/preview/preview-conditions.ts"
import { QrCode } from "#components/shares/qr-code.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { UndoLink } from "../undo-link.tsx"

/** `found`: the files were shared a moment ago already. */
export type ShareDialogReason = "created" | "found" | "new_link" | "view" | "edit"

type ShareDialogProps = {
  share: ShareView
  reason: ShareDialogReason
  /** Whether the link was copied. */
  copied: boolean
  createAnother: (() => void) | undefined
  open: boolean
  onOpenChange: (open: boolean) => void
  onSaved: (share: ShareView) => void
  settings: PageSettings
  now: () => Date
}

const TITLES = { created: "ready", found: "found", new_link: "newLinkReady" } as const

const isKnown = (reason: ShareDialogReason) => reason === "view" || reason === "edit"

/** A share's link, QR code and conditions; the conditions can be edited here. */
export function ShareDialog({
  share,
  reason,
  copied,
  createAnother,
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
  const { question, mayEnd } = useEndQuestion(share, now)
  const fresh = reason === "created" || reason === "found"
  const hasLink = share.status !== "revoked"
  async function save(conditions: Conditions) {
    if (!(await mayEnd(conditions))) return
    run(
      () => ask("PATCH /shares/{id}", { id: share.id, body: conditions }),
      (saved) => {
        onSaved(saved)
        onOpenChange(false)
        toast({ title: t(saved.status === "expired" ? "lead.expired" : "saved"), tone: "ok" })
      },
    )
  }
  return (
    <Dialog
      size="xl"
      keepAs={`share ${share.id}`}
      {...(reason === "edit" && {
        initialFocus: () => document.getElementById(formId)?.querySelector("input") ?? null,
      })}
      // The button that created the share disappeared with the selection.
      {...(fresh && { finalFocus: () => document.querySelector<HTMLElement>("main") })}
      // The second click of a double click must not close what the first one opened.
      staysOnPress={fresh}
      open={open}
      onOpenChange={(next) => {
        if (!next) reset()
        onOpenChange(next)
      }}
      title={isKnown(reason) ? shareName(share, words) : t(TITLES[reason])}
      description={
        copied
          ? t("copiedAlready")
          : t(`lead.${share.status}`, { password: share.hasPassword ? "yes" : "no" })
      }
      footer={
        <>
          {reason === "found" && (
            <Button variant="quiet" onClick={createAnother}>
              {t("createAnother")}
            </Button>
          )}
          <DialogClose>{t(fresh ? "done" : "close")}</DialogClose>
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
            {reason === "created" && (
              <UndoLink share={share} onUndone={() => onOpenChange(false)} />
            )}
          </div>
          <div className="max-sm:self-center">
            <QrCode text={share.url} label={t("qr")} size={148} />
          </div>
        </div>
      )}
      {fresh && <ShareArrivals share={share} />}
      {!hasLink && <Notice className="mb-6">{t("revokedStays")}</Notice>}
      <PagePreview
        key={share.id}
        formId={formId}
        draw={(form, opened) =>
          ask(
            "POST /shares/{id}/preview-page",
            { id: share.id, body: { ...previewConditions(form), opened } },
            { reads: true },
          )
        }
      >
        <h3 className="mb-4 text-note">{t("conditions")}</h3>
        <ShareConditions
          share={share}
          id={formId}
          settings={settings}
          now={now}
          refused={refused}
          onSave={(form) => void save(conditionsOf(form))}
        />
      </PagePreview>
      {question}
    </Dialog>
  )
}
