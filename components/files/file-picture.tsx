"use client"

import { useState } from "react"
import { useOwnerUrl } from "#components/nav/owner.ts"
import { classNames } from "#components/ui/class-names.ts"
import { FileKind, fileKind } from "#components/ui/files/file-kind.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"

type FilePictureProps = {
  file: Pick<FileView, "id" | "name" | "hasThumbnail">
  /** Whether it fills its place, as in a grid. */
  isLarge?: boolean
}

/** The thumbnail of one's own file; its kind if there is none or it cannot be loaded. */
export function FilePicture({ file, isLarge = false }: FilePictureProps) {
  const { id, name, hasThumbnail } = file
  const urlOf = useOwnerUrl()
  const [failed, setFailed] = useState(false)
  if (!hasThumbnail || failed) return <FileKind name={name} />
  return (
    // biome-ignore lint/performance/noImgElement: the store has it in its size
    <img
      src={urlOf(`/api/v1/files/${id}/thumbnail`)}
      alt=""
      loading="lazy"
      decoding="async"
      className={classNames(
        "shrink-0 bg-selected object-cover",
        isLarge ? "size-full" : "size-9.5 rounded-lg border border-line",
        fileKind(name) === "PDF" && "object-top",
      )}
      onError={() => setFailed(true)}
    />
  )
}
