"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { blocksLinks, cutOffText } from "#components/cut-offs/cut-off-text.ts"
import { useDurationText } from "#components/shares/conditions/link-lifetime.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { formatTime } from "#components/time/format-time.ts"
import { useReader } from "#components/time/local-time.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { useRestore } from "./use-restore.ts"

const UNDO_MS = 8_000

type RevokeDialogProps = {
  share: ShareView
  open: boolean
  onClose: () => void
}

/** Revokes a share, with or without a cut off, and offers to undo the revocation. */
export function RevokeDialog({ share, open, onClose }: RevokeDialogProps) {
  const t = useTranslations("member.dialog")
  const words = useTranslations("member.shares")
  const durationText = useDurationText()
  const showRevokedToast = useRevokedToast()
  return (
    <ChangeDialog
      open={open}
      onClose={onClose}
      title={t("revokeTitle", { name: shareName(share, words) })}
      description={revokeText(share, t)}
      confirmLabel={t("revokeAndCutOff")}
      call={() => ask("POST /shares/{id}/revoke", { id: share.id, body: { cutOff: true } })}
      other={{ label: t("revoke"), call: () => ask("POST /shares/{id}/revoke", { id: share.id }) }}
      onDone={showRevokedToast}
    >
      <div className="flex flex-col gap-2.5 text-[0.9375rem]">
        <p>{t.rich("revokeHow", { b: bold, time: durationText(share.mintTtlSeconds) })}</p>
        <p>{t.rich("cutOffHow", { b: bold })}</p>
      </div>
    </ChangeDialog>
  )
}

type Words = ReturnType<typeof useTranslations<"member.dialog">>

/** The activity on the link so far. curl and direct links open no page. */
function revokeText({ views, viewOnly, ...share }: ShareView, t: Words) {
  const previews = viewOnly ? share.previews : 0
  const downloads = share.downloads - share.viewers
  const isFetched = views === 0 && previews + downloads > 0
  if (!isFetched) return t("revokeText", { views, previews, downloads })
  const both = previews > 0 && downloads > 0 ? "yes" : "no"
  return t("revokeFetchedText", { previews, downloads, both })
}

const bold = (text: ReactNode) => <strong className="font-semibold">{text}</strong>

/**
 * Returns a function that reports in a toast how long earlier URLs still work, with an undo button.
 */
function useRevokedToast() {
  const t = useTranslations("member.dialog")
  const words = useTranslations("common.cutOff")
  const toast = useToast()
  const exposureText = useExposureText()
  const restore = useRestore()
  return (share: ShareView) => {
    const { cutOff } = share
    const dead =
      cutOff && (cutOff.state === "running" ? t("cutOffRunning") : cutOffText(cutOff, words))
    toast({
      title: t(cutOff ? "revokedAndCutOff" : "revoked"),
      description: dead
        ? [dead, blocksLinks(cutOff) && t("staysDead")].filter(Boolean).join(" ")
        : exposureText(share),
      timeout: UNDO_MS,
      action: { label: t("undo"), onClick: () => restore(share) },
    })
  }
}

/** Returns a function that formats until when earlier URLs may still work, if any does. */
export function useExposureText() {
  const t = useTranslations("member.dialog")
  const reader = useReader()
  return ({ exposedUntil }: Pick<ShareView, "exposedUntil">) =>
    exposedUntil
      ? t("exposed", { until: formatTime(new Date(exposedUntil), "clock", reader, null) })
      : t("noExposure")
}
