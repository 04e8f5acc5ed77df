"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import type { Upload } from "#packages/uploader/upload.ts"
import { Button } from "../ui/button.tsx"
import { tabUploader } from "./tab-uploader.ts"

type UploadLinkBarProps = {
  uploads: readonly Upload[]
  /** Ids of the files that a link holds already. */
  shared: ReadonlySet<string>
  creating: boolean
  onCreate: (fileIds: string[]) => void
}

/** Makes a link of the uploads, before or after they are stored. */
export function UploadLinkBar({ uploads, shared, creating, onCreate }: UploadLinkBarProps) {
  const isShared = ({ fileId }: Upload) => fileId !== null && shared.has(fileId)
  const unshared = uploads.filter((upload) => !isShared(upload))
  const linkable = unshared.filter(({ state }) => state !== "failed")
  if (linkable.length === 0) return <SharedBar uploads={uploads.filter(isShared)} />
  return (
    <CreateLinkBar
      linkable={linkable}
      isPartial={linkable.length < unshared.length}
      creating={creating}
      onCreate={onCreate}
    />
  )
}

/** Shown when a link holds all uploads. */
function SharedBar({ uploads }: { uploads: readonly Upload[] }) {
  const t = useTranslations("member.upload")
  if (uploads.length === 0) return null
  const arriving = uploads.filter(({ state }) => state !== "stored").length
  return (
    <Bar text={t(arriving > 0 ? "linkedArriving" : "linkedStored", { count: arriving })}>
      {arriving === 0 && (
        <Button variant="quiet" onClick={() => removeFromList(uploads)}>
          {t("done")}
        </Button>
      )}
    </Bar>
  )
}

type CreateLinkBarProps = Pick<UploadLinkBarProps, "creating" | "onCreate"> & {
  linkable: readonly Upload[]
  /** Whether failed uploads are left out of the link. */
  isPartial: boolean
}

function CreateLinkBar({ linkable, isPartial, creating, onCreate }: CreateLinkBarProps) {
  const t = useTranslations("member.upload")
  const [registering, setRegistering] = useState(false)
  const stored = linkable.filter(({ state }) => state === "stored")
  const arriving = linkable.length - stored.length

  async function create() {
    setRegistering(true)
    // A link holds files, and queued uploads have none yet.
    await tabUploader().register()
    setRegistering(false)
    const wanted = new Set(linkable.map(({ id }) => id))
    const { uploads } = tabUploader().snapshot()
    onCreate(uploads.flatMap(({ id, fileId }) => (wanted.has(id) && fileId ? [fileId] : [])))
  }

  return (
    <Bar text={arriving > 0 ? t("linkFirst") : t("allStored", { stored: stored.length })}>
      {stored.length > 0 && (
        <Button variant="quiet" disabled={creating} onClick={() => removeFromList(stored)}>
          {t("keep")}
        </Button>
      )}
      <Button
        variant={arriving > 0 ? "quiet" : "primary"}
        pending={creating || registering}
        onClick={create}
      >
        {t(arriving > 0 ? "createLinkNow" : "createLink", {
          count: linkable.length,
          partial: isPartial ? "yes" : "no",
        })}
      </Button>
    </Bar>
  )
}

const removeFromList = (uploads: readonly Upload[]) =>
  tabUploader().removeStored(uploads.map(({ id }) => id))

function Bar({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-x-4 gap-y-3 border-t border-line py-3.5 max-sm:flex-col max-sm:items-stretch">
      <p className="text-soft">{text}</p>
      <div className="flex shrink-0 gap-2 max-sm:flex-col-reverse">{children}</div>
    </div>
  )
}
