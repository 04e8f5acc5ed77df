"use client"

import { useLocale, useTranslations } from "next-intl"
import { tabUploader } from "#lib/browser/tab-uploader.ts"
import { secondsLeft, type UploadState, type UploadTotals } from "#lib/browser/upload.ts"
import { formatBytes } from "../format-bytes.ts"
import { Button } from "../ui/button.tsx"
import { Progress } from "../ui/progress.tsx"
import { UploadRow } from "./upload-row.tsx"
import { formatSeconds } from "./upload-time.ts"
import { useUploads } from "./use-uploads.ts"

const MANY = 6

/** What needs someone comes first, what is done last. */
const RANK: Record<UploadState, number> = {
  failed: 0,
  waiting: 1,
  sending: 2,
  finishing: 2,
  starting: 2,
  paused: 3,
  queued: 4,
  stored: 5,
}

type UploadPanelProps = {
  /** Makes a link of stored files, and calls back when it is made. */
  onCreateLink: (fileIds: string[], onCreated: () => void) => void
  creating: boolean
}

/** What is on its way, and the way to its link. Nothing while there is nothing. */
export function UploadPanel({ onCreateLink, creating }: UploadPanelProps) {
  const t = useTranslations("member.upload")
  const { uploads, totals } = useUploads()
  if (uploads.length === 0) return null

  const { count, failed, active } = totals
  const counts = { count, failed, active, stored: totals.stored }
  const stored = uploads.filter(({ state }) => state === "stored")
  const many = uploads.length > MANY
  const rows = many ? uploads.toSorted((a, b) => RANK[a.state] - RANK[b.state]) : uploads
  const forget = () => tabUploader().forget(stored.map(({ id }) => id))
  const share = () =>
    onCreateLink(
      stored.flatMap(({ file }) => (file ? [file.id] : [])),
      forget,
    )

  return (
    <section
      aria-label={t("panel")}
      className="mb-8.5 rounded-[14px] bg-raised px-5 py-2 inset-ring inset-ring-line"
    >
      {uploads.length > 1 && <Overall totals={totals} />}
      <ul
        aria-label={t("panel")}
        // Many files scroll in place, so that the link stays in sight; a region that scrolls takes the focus.
        {...(many && { tabIndex: 0 })}
        className={many ? "-mx-5 max-h-96 overflow-y-auto px-5" : undefined}
      >
        {rows.map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
      </ul>
      {stored.length > 0 && (
        <div className="flex items-center justify-between gap-x-4 gap-y-3 border-t border-line py-3.5 max-sm:flex-col max-sm:items-stretch">
          <p className="text-soft">{t(totals.active > 0 ? "storedSoFar" : "allStored", counts)}</p>
          <div className="flex gap-2 max-sm:flex-col-reverse">
            <Button variant="quiet" disabled={creating} onClick={forget}>
              {t("keep")}
            </Button>
            <Button
              variant={totals.active > 0 ? "quiet" : "primary"}
              pending={creating}
              onClick={share}
            >
              {t("createLink", {
                count: stored.length,
                partial: totals.stored < totals.count ? "yes" : "no",
              })}
            </Button>
          </div>
        </div>
      )}
      <p role="status" className="sr-only">
        {t("spoken", counts)}
      </p>
    </section>
  )
}

function Overall({ totals }: { totals: UploadTotals }) {
  const t = useTranslations("member.upload")
  const locale = useLocale()
  const left = secondsLeft(totals)
  const words = [
    t("overall", { stored: totals.stored, count: totals.count, failed: totals.failed }),
    totals.active > 0 &&
      t("sentOf", {
        sent: formatBytes(totals.sentBytes, locale),
        size: formatBytes(totals.sizeBytes, locale),
      }),
    totals.bytesPerSecond && t("speed", { speed: formatBytes(totals.bytesPerSecond, locale) }),
    left !== null && totals.active > 0 && t("left", { time: formatSeconds(left, locale) }),
  ]
  return (
    <div className="border-b border-line py-3.25">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className="text-sm font-medium">{words.filter(Boolean).join(" · ")}</p>
        <div className="-mr-2 flex">
          {totals.failed > 1 && (
            <Button variant="text" size="sm" onClick={() => tabUploader().retry()}>
              {t("retryAll", { count: totals.failed })}
            </Button>
          )}
          {totals.active > 1 && (
            <Button variant="text" size="sm" onClick={() => tabUploader().cancel()}>
              {t("cancelAll")}
            </Button>
          )}
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
