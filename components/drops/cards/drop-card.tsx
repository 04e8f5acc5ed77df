"use client"

import { useTranslations } from "next-intl"
import { useEffect } from "react"
import type { Drop } from "#components/drops/drop.ts"
import { dismissDrop, dropShown, linkUploads } from "#components/drops/drops.ts"
import { Button } from "#components/ui/button.tsx"
import { usePendingThumbnails } from "#components/upload/thumbnails/pending-thumbnails.ts"
import { UploadBar } from "#components/upload/upload-bar.tsx"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { DropHead } from "./drop-head.tsx"
import { UploadCard, type UploadCardProps } from "./upload-card.tsx"

type DropCardProps = Omit<UploadCardProps, "head" | "foot"> & {
  drop: Drop
  /** The ids of the files that a link contains. */
  shared: ReadonlySet<string>
  settings: PageSettings
  /** The server's time. */
  now: string
}

/** Files that were dropped together: their link, and below it the uploads. */
export function DropCard({ drop, shared, settings, now, ...card }: DropCardProps) {
  const { uploads } = card
  useEffect(() => dropShown(drop.id), [drop.id])
  return (
    <UploadCard
      {...card}
      head={<DropHead drop={drop} uploads={uploads} settings={settings} now={now} />}
      foot={<DropFoot drop={drop} uploads={uploads} shared={shared} />}
    />
  )
}

function DropFoot({ drop, uploads, shared }: Pick<DropCardProps, "drop" | "uploads" | "shared">) {
  const t = useTranslations("member.upload")
  const arePreviewsPending = usePendingThumbnails(uploads)
  if (!drop.share) return null
  const left = uploads.filter(({ fileId }) => drop.leftOutFileIds.includes(fileId ?? ""))
  if (left.length > 0) {
    return (
      <UploadBar text={t("notInLink", { count: left.length })}>
        <Button variant="quiet" onClick={() => linkUploads(left)}>
          {t("createLink", { count: left.length, partial: "yes" })}
        </Button>
      </UploadBar>
    )
  }
  const failed = uploads.filter(({ state }) => state === "failed").length
  const held = uploads.filter(({ fileId }) => fileId !== null && shared.has(fileId)).length
  const coming = uploads.filter(
    ({ fileId, state }) => state !== "failed" && (fileId === null || !shared.has(fileId)),
  ).length
  const arriving = uploads.filter(({ state }) => state !== "stored").length - failed
  if (coming > 0) return <UploadBar text={t("linkedSome", { held, count: held + coming })} />
  if (arriving > 0) return <UploadBar text={t("linkedArriving", { count: arriving })} />
  if (failed > 0) return <UploadBar text={t("linkedFailed", { count: failed })} />
  if (arePreviewsPending) return <UploadBar text={t("previewsPending")} />
  return (
    <UploadBar text={t("linkedStored")}>
      <Button variant="quiet" onClick={() => dismissDrop(drop.id)}>
        {t("done")}
      </Button>
    </UploadBar>
  )
}
