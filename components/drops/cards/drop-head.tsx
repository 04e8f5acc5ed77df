"use client"

import { ChevronDown } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import type { Drop } from "#components/drops/drop.ts"
import { undoDrop } from "#components/drops/drops.ts"
import { showShare } from "#components/drops/saved-share.ts"
import { Dotted } from "#components/lists/dotted.tsx"
import { OpenToText } from "#components/recipients/open-switch.tsx"
import { SendButton } from "#components/recipients/send-button.tsx"
import { useEndText } from "#components/shares/expiry/use-end-text.ts"
import { shareName } from "#components/shares/share-name.ts"
import { useServerTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { onDemand, useOnDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import { DropRefused } from "./drop-refused.tsx"
import { DropTitle } from "./drop-title.tsx"

/** Loaded with the first link, which can be copied and undone without them. */
const linkSettings = onDemand(() => import("#components/shares/settings/link-settings.tsx"))
const qrCode = onDemand(() => import("#components/shares/qr-code.tsx"))

type DropHeadProps = {
  drop: Drop
  uploads: readonly Upload[]
  settings: PageSettings
  now: string
}

/** The link of a drop with its QR code, title and conditions. */
export function DropHead({ drop, uploads, settings, now }: DropHeadProps) {
  const t = useTranslations("member.drop")
  const words = useTranslations("member.dialog")
  const names = useTranslations("member.shares")
  const { id, share, refusal, copied } = drop
  // The share may be revoked elsewhere on the page.
  const link = share && share.status !== "revoked" ? share.url : null
  const { part: qr } = useOnDemand(qrCode, link !== null)
  const works = share?.status === "open" || share?.status === "scheduled"
  return (
    <div className="flex flex-col gap-3 py-3.25 sm:grid sm:grid-cols-[minmax(0,1fr)_auto] sm:gap-x-6">
      <div className="flex min-w-0 flex-col gap-3">
        <DropTitle drop={drop} uploads={uploads} />
        {share && share.status !== "open" && (
          <p role="status" className="text-soft">
            {words(`lead.${share.status}`)}
          </p>
        )}
        {link && share && (
          <>
            <CopyField
              label={words("link")}
              labelHidden
              value={link}
              shareAs={shareName(share, names)}
              selected={copied === false}
            >
              <Undo drop={drop} />
            </CopyField>
            <p role="status" className="-mt-1 text-sm text-soft">
              {copied && works && t("copied")}
            </p>
            {drop.problem?.about === "undo" && (
              <ActionError>{drop.problem.message || t("noAnswer")}</ActionError>
            )}
          </>
        )}
        {works && link === null && (
          <p className="font-medium">
            <OpenToText openTo={share.openTo} />
          </p>
        )}
        {!share && !refusal && (
          <p role="status" className="text-soft">
            <NoLinkYet uploads={uploads} />
          </p>
        )}
        {refusal && <DropRefused id={id} refusal={refusal} pending={drop.state !== "refused"} />}
      </div>
      {link && (
        <div className="size-29 self-center max-sm:order-last">
          {qr && <qr.QrCode text={link} label={words("qr")} size={116} />}
        </div>
      )}
      {share && share.status !== "revoked" && (
        <DropSettings drop={drop} share={share} settings={settings} now={now} />
      )}
    </div>
  )
}

type DropSettingsProps = Pick<DropHeadProps, "drop" | "settings" | "now"> & { share: ShareView }

/** The most important settings of the link in words, and all of them on demand. */
function DropSettings({ drop: { id }, share, settings, now }: DropSettingsProps) {
  const t = useTranslations("member.link")
  const serverTime = useServerTime(now)
  const endText = useEndText(serverTime())
  const [isOpen, setOpen] = useState(false)
  const { part, loading } = useShownPart(linkSettings, isOpen, () => setOpen(false))
  const { hasPassword, maxDownloads: count, viewOnly } = share
  const summary = [
    endText(share.expiresAt === null ? null : new Date(share.expiresAt)),
    t(hasPassword ? "password" : "noPassword"),
    count === null ? t("noLimit") : t(viewOnly ? "viewersAtMost" : "atMost", { count }),
  ]
  return (
    <div className="col-span-full">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Button
          variant="quiet"
          size="sm"
          aria-expanded={isOpen}
          onPointerEnter={linkSettings.load}
          onFocus={linkSettings.load}
          onClick={() => setOpen(!isOpen)}
        >
          {t("settings")}
          <ChevronDown aria-hidden size={16} className={isOpen ? "rotate-180" : undefined} />
        </Button>
        <SendButton
          of={{ id: share.id, kind: "share", hasPassword }}
          settings={settings}
          variant="quiet"
        />
        {!isOpen && <Dotted items={summary} />}
      </div>
      {loading}
      {isOpen && part && (
        <div className="mt-3">
          <part.LinkSettings
            share={share}
            settings={settings}
            now={serverTime}
            titled={false}
            onSaved={(saved) => showShare(id, saved)}
          />
        </div>
      )}
    </div>
  )
}

function NoLinkYet({ uploads }: Pick<DropHeadProps, "uploads">) {
  const t = useTranslations("member.drop")
  if (uploads.every(({ state }) => state === "failed")) return t("noFiles")
  const isOffline = uploads.some(({ state, retryAt }) => state === "waiting" && retryAt === null)
  return t(isOffline ? "offline" : "making")
}

function Undo({ drop }: { drop: Drop }) {
  const t = useTranslations("member.drop")
  const toast = useToast()
  const [asked, setAsked] = useState(false)

  async function undo() {
    if (asked) return
    setAsked(true)
    const ended = await undoDrop(drop.id)
    setAsked(false)
    if (!ended) return
    // The button has disappeared, so the focus moves to the page.
    document.querySelector<HTMLElement>("main")?.focus()
    toast({ title: t("undone"), description: t("undoneText") })
  }

  return (
    <Button
      variant="quiet"
      className="shrink-0"
      pending={drop.state === "ending"}
      aria-describedby={`undo-${drop.id}`}
      onClick={undo}
    >
      {t("undo")}
      <span id={`undo-${drop.id}`} className="sr-only">
        {t("undoHint")}
      </span>
    </Button>
  )
}
