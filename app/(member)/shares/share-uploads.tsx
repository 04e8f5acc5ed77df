"use client"

import { useTranslations } from "next-intl"
import { addDrop } from "#components/drops/drops.ts"
import { UploadPanel } from "#components/drops/upload-panel.tsx"
import { useDropsOfPage } from "#components/drops/use-drops.ts"
import { isLow, Usage, type UsageView } from "#components/files/usage.tsx"
import { useRefreshWhenStored } from "#components/refresh/use-refresh-when-stored.ts"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import { DropZone } from "#components/upload/picking/drop-zone.tsx"
import { placedIn } from "#components/upload/picking/placed-in.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import { useUploads } from "#components/upload/use-uploads.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"

/** Loaded where there are unfinished uploads. */
const unfinishedParts = onDemand(() => import("./unfinished/unfinished-uploads.tsx"))

type DropSharesProps = {
  /** Whether it is only one line high. */
  slim: boolean
  /** Days until a new share expires; null: never. */
  days: number | null
  warning?: string | undefined
}

/** Shares files: each upload gets its link at once. */
export function DropShares({ slim, days, warning }: DropSharesProps) {
  const t = useTranslations("member.upload")
  return (
    <DropZone
      slim={slim}
      title={t("drop")}
      text={t("dropText", { never: days === null ? "yes" : "no", days: days ?? 0 })}
      warning={warning}
      onFiles={addDrop}
    />
  )
}

/** Uploads files into a folder of the member's files. They get no link. */
export function DropFiles({ path, slim }: { path: string; slim: boolean }) {
  const t = useTranslations("member.upload")
  return (
    <DropZone
      slim={slim}
      title={t("drop")}
      text={t("keepText")}
      onFiles={(sources) => tabUploader().add(placedIn(path, sources))}
    />
  )
}

type ShareUploadsProps = {
  settings: PageSettings
  usage: UsageView
  /** The server's time. */
  now: string
  /** The shares listed on the page; null on the page of files, where uploads get no link. */
  shares: readonly ShareView[] | null
}

const NONE: readonly ShareView[] = []

/** The uploads of this tab, and those that are unfinished. */
export function ShareUploads({ settings, usage, now, shares }: ShareUploadsProps) {
  useRefreshWhenStored()
  useDropsOfPage(shares ?? NONE)
  const { unfinished } = useUploads()
  const { part, loading } = useShownPart(unfinishedParts, unfinished.length > 0)
  return (
    <>
      {isLow(usage) && <Usage usage={usage} />}
      <UploadPanel settings={settings} now={now} />
      {part ? <part.UnfinishedUploads now={now} /> : loading}
    </>
  )
}
