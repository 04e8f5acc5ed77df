"use client"

import { useTranslations } from "next-intl"
import { linkUploads } from "#components/drops/drops.ts"
import { Button } from "#components/ui/button.tsx"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import { UploadBar } from "#components/upload/upload-bar.tsx"
import { UploadRows } from "#components/upload/upload-rows.tsx"
import { UploadTotalsBar } from "#components/upload/upload-totals-bar.tsx"
import type { Upload } from "#packages/uploader/upload.ts"
import { totalsOf } from "./drop-card.tsx"

type LooseCardProps = {
  uploads: readonly Upload[]
  /** The ids of the files that a link contains already. */
  shared: ReadonlySet<string>
  onCancel: (upload: Upload) => void
  onCancelAll: (uploads: readonly Upload[]) => void
}

/** Uploads of the page of files, and continued ones, which have no link. */
export function LooseCard({ uploads, shared, onCancel, onCancelAll }: LooseCardProps) {
  return (
    <div className="rounded-[14px] bg-raised px-5 py-2 inset-ring inset-ring-line">
      {uploads.length > 1 && (
        <UploadTotalsBar
          uploads={uploads}
          totals={totalsOf(uploads)}
          onCancelAll={() => onCancelAll(uploads)}
        />
      )}
      <UploadRows uploads={uploads} onCancel={onCancel} />
      <LooseFoot uploads={uploads} shared={shared} />
    </div>
  )
}

/** Creates a link of those without one, before or after they are stored. */
function LooseFoot({ uploads, shared }: Pick<LooseCardProps, "uploads" | "shared">) {
  const t = useTranslations("member.upload")
  const isShared = ({ fileId }: Upload) => fileId !== null && shared.has(fileId)
  const unshared = uploads.filter((upload) => !isShared(upload))
  const linkable = unshared.filter(({ state }) => state !== "failed")
  const arriving = uploads.filter(({ state }) => state !== "stored" && state !== "failed").length
  const done = arriving === 0 && uploads.some(({ state }) => state === "stored") && (
    <Button variant="quiet" onClick={() => tabUploader().removeStored(uploads.map(({ id }) => id))}>
      {t("done")}
    </Button>
  )
  if (linkable.length === 0) {
    if (!uploads.some(isShared)) return null
    const left = uploads.filter(isShared).filter(({ state }) => state !== "stored").length
    return (
      <UploadBar text={t(left > 0 ? "linkedArriving" : "linkedStored", { count: left })}>
        {done}
      </UploadBar>
    )
  }
  return (
    <UploadBar
      text={t(arriving > 0 ? "looseArriving" : "looseStored", { stored: linkable.length })}
    >
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
