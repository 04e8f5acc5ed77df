"use client"

import { useTranslations } from "next-intl"
import { useId, useRef } from "react"
import { ask } from "#components/calls/ask.ts"
import { OpenToText } from "#components/recipients/open-switch.tsx"
import { SendButton } from "#components/recipients/send-button.tsx"
import { ShareArrivals } from "#components/shares/activity/share-arrivals.tsx"
import { conditionsOf } from "#components/shares/conditions/conditions-of-form.ts"
import { PagePreview } from "#components/shares/preview/page-preview.tsx"
import { QrCode } from "#components/shares/qr-code.tsx"
import { LinkSettings, type Settling } from "#components/shares/settings/link-settings.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { Notice } from "#components/ui/notice.tsx"
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

/** A share's link, QR code and settings, which save themselves. */
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
  const formId = useId()
  const fields = useRef<Settling>(null)
  const fresh = reason === "created" || reason === "found"
  const hasLink = share.status !== "revoked"
  async function change(next: boolean) {
    if (next || ((await fields.current?.settle()) ?? true)) onOpenChange(next)
  }
  return (
    <Dialog
      size="xl"
      savesItself
      {...(reason === "edit" && {
        initialFocus: () => document.getElementById(formId)?.querySelector("input") ?? null,
      })}
      // The button that created the share disappeared with the selection.
      {...(fresh && { finalFocus: () => document.querySelector<HTMLElement>("main") })}
      // The second click of a double click must not close the dialog that the first one opened.
      staysOnPress={fresh}
      open={open}
      onOpenChange={(next) => void change(next)}
      title={isKnown(reason) ? shareName(share, words) : t(TITLES[reason])}
      description={
        copied
          ? t("copiedAlready")
          : hasLink && share.url === null
            ? undefined
            : t(`lead.${share.status}`, { password: share.hasPassword ? "yes" : "no" })
      }
      footer={
        <>
          {hasLink && (
            <SendButton
              of={{ id: share.id, kind: "share", hasPassword: share.hasPassword }}
              settings={settings}
              variant="quiet"
              size="md"
            />
          )}
          {reason === "found" && (
            <Button variant="quiet" onClick={createAnother}>
              {t("createAnother")}
            </Button>
          )}
          <DialogClose>{t("close")}</DialogClose>
        </>
      }
    >
      {hasLink && share.url && (
        <div className="mb-6 flex items-center gap-6 max-sm:block">
          <div className="min-w-0 grow">
            <CopyField label={t("link")} value={share.url} shareAs={shareName(share, words)} />
            {reason === "created" && (
              <UndoLink share={share} onUndone={() => onOpenChange(false)} />
            )}
          </div>
          <div className="max-sm:hidden">
            <QrCode text={share.url} label={t("qr")} size={148} />
          </div>
        </div>
      )}
      {hasLink && share.url === null && (
        <Notice className="mb-6">
          <OpenToText openTo={share.openTo} />
        </Notice>
      )}
      {fresh && <ShareArrivals share={share} />}
      {!hasLink && <Notice className="mb-6">{t("revokedStays")}</Notice>}
      <PagePreview
        key={share.id}
        formId={formId}
        version={share.version}
        draw={(form, opened) => {
          const { direct, mintTtlSeconds, notices, everyDownload, ...conditions } =
            conditionsOf(form)
          const body = { ...conditions, opened }
          return ask("POST /shares/{id}/preview-page", { id: share.id, body }, { reads: true })
        }}
      >
        <h3 className="mb-1 text-note">{t("conditions")}</h3>
        <LinkSettings
          ref={fields}
          share={share}
          id={formId}
          settings={settings}
          now={now}
          open={reason === "edit"}
          onSaved={onSaved}
        />
      </PagePreview>
    </Dialog>
  )
}
