"use client"

import { useTranslations } from "next-intl"
import { linkUploads } from "#components/drops/drops.ts"
import { Button } from "#components/ui/button.tsx"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import { usePendingThumbnails } from "#components/upload/thumbnails/pending-thumbnails.ts"
import { UploadBar } from "#components/upload/upload-bar.tsx"
import type { Upload } from "#packages/uploader/upload.ts"
import { UploadCard, type UploadCardProps } from "./upload-card.tsx"

type LooseCardProps = Omit<UploadCardProps, "head" | "foot"> & {
  /** The ids of the files that a link contains already. */
  shared: ReadonlySet<string>
}

/** Uploads of the page of files, and continued ones, which have no link. */
export function LooseCard({ shared, ...card }: LooseCardProps) {
  return <UploadCard {...card} foot={<LooseFoot uploads={card.uploads} shared={shared} />} />
}

/** Creates a link of the uploads without one, before or after they are stored. */
function LooseFoot({ uploads, shared }: Pick<LooseCardProps, "uploads" | "shared">) {
  const t = useTranslations("member.upload")
  const arePreviewsPending = usePendingThumbnails(uploads)
  const isShared = ({ fileId }: Upload) => fileId !== null && shared.has(fileId)
  const unshared = uploads.filter((upload) => !isShared(upload))
  const linkable = unshared.filter(({ state }) => state !== "failed")
  const arriving = uploads.filter(({ state }) => state !== "stored" && state !== "failed").length
  const isComplete = arriving === 0 && !arePreviewsPending
  const done = isComplete && uploads.some(({ state }) => state === "stored") && (
    <Button variant="quiet" onClick={() => tabUploader().removeStored(uploads.map(({ id }) => id))}>
      {t("done")}
    </Button>
  )
  if (linkable.length === 0) {
    if (!uploads.some(isShared)) return null
    const left = uploads.filter(isShared).filter(({ state }) => state !== "stored").length
    const stored = arePreviewsPending ? "previewsPending" : "linkedStored"
    return (
      <UploadBar text={t(left > 0 ? "linkedArriving" : stored, { count: left })}>{done}</UploadBar>
    )
  }
  const stored = arePreviewsPending ? "previewsPending" : "looseStored"
  return (
    <UploadBar text={t(arriving > 0 ? "looseArriving" : stored, { stored: linkable.length })}>
      {done}
      <Button variant="quiet" onClick={() => linkUploads(linkable)}>
        {t("createLink", {
          count: linkable.length,
          partial: linkable.length < unshared.length ? "yes" : "no",
        })}
      </Button>
    </UploadBar>
  )
}
