"use client"

import { useLocale, useTranslations } from "next-intl"
import { Progress } from "#components/ui/ring/progress.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import {
  secondsLeft,
  totalUploads,
  type UploadTotals,
} from "#packages/uploader/uploads-snapshot.ts"
import { Button } from "../ui/button.tsx"
import { tabUploader } from "./tab-uploader.ts"
import { formatSeconds } from "./upload-status.tsx"

type UploadTotalsBarProps = {
  uploads: readonly Upload[]
  onCancelAll: () => void
}

/** The total progress of some uploads, with actions for all of them. */
export function UploadTotalsBar({ uploads, onCancelAll }: UploadTotalsBarProps) {
  const t = useTranslations("member.upload")
  const rate = uploads.reduce((sum, { bytesPerSecond }) => sum + (bytesPerSecond ?? 0), 0)
  const totals = totalUploads(uploads, rate || null)
  const paused = uploads.filter(({ state }) => state === "paused").length
  const countEarlier = (what: Upload["earlier"]) =>
    uploads.filter(({ earlier }) => earlier === what).length
  const earlier = { there: countEarlier("arrived"), begun: countEarlier("begun") }
  const isOffline = uploads.some(({ state, retryAt }) => state === "waiting" && retryAt === null)
  return (
    <div className="border-b border-line py-3.25">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className="text-sm font-medium">
          <TotalsText totals={totals} paused={paused} isOffline={isOffline} earlier={earlier} />
        </p>
        <div className="-mx-3.25 flex flex-wrap">
          <BulkActions
            ids={uploads.map(({ id }) => id)}
            totals={totals}
            paused={paused}
            onCancelAll={onCancelAll}
          />
        </div>
      </div>
      <div className="mt-2">
        <Progress
          label={t("progressAll")}
          fraction={totals.sizeBytes > 0 ? totals.sentBytes / totals.sizeBytes : 1}
        />
      </div>
    </div>
  )
}

type TotalsTextProps = {
  totals: UploadTotals
  paused: number
  isOffline: boolean
  earlier: { there: number; begun: number }
}

function TotalsText({ totals, paused, isOffline, earlier }: TotalsTextProps) {
  const t = useTranslations("member.upload")
  const locale = useLocale()
  const { stored, count, failed, active, sentBytes, sizeBytes, bytesPerSecond } = totals
  const left = secondsLeft(totals)
  return [
    t("overall", { stored, count, failed }),
    earlier.there > 0 && t("earlier", earlier),
    active + paused > 0 &&
      t("sentOf", { sent: formatBytes(sentBytes, locale), size: formatBytes(sizeBytes, locale) }),
    isOffline && t("offlineWait"),
    !isOffline && bytesPerSecond && t("speed", { speed: formatBytes(bytesPerSecond, locale) }),
    !isOffline && left !== null && active > 0 && t("left", { time: formatSeconds(left, locale) }),
  ]
    .filter(Boolean)
    .join(" · ")
}

type BulkActionsProps = {
  ids: string[]
  totals: UploadTotals
  paused: number
  onCancelAll: () => void
}

function BulkActions({ ids, totals, paused, onCancelAll }: BulkActionsProps) {
  const { failed, active } = totals
  const t = useTranslations("member.upload")
  return (
    <>
      {failed > 1 && (
        <Button variant="text" size="sm" onClick={() => tabUploader().retry(ids)}>
          {t("retryAll", { count: failed })}
        </Button>
      )}
      {active > 0 && (
        <Button variant="text" size="sm" onClick={() => tabUploader().pause(ids)}>
          {t("pauseAll")}
        </Button>
      )}
      {active === 0 && paused > 0 && (
        <Button variant="text" size="sm" onClick={() => tabUploader().resume(ids)}>
          {t("resumeAll")}
        </Button>
      )}
      {active + paused > 1 && (
        <Button variant="text" size="sm" onClick={onCancelAll}>
          {t("cancelAll")}
        </Button>
      )}
    </>
  )
}
