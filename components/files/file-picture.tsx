"use client"

import { useState } from "react"
import { FileKind } from "#components/ui/files/file-kind.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"

/** The thumbnail of one's own file; its kind if there is none or it cannot be loaded. */
export function FilePicture({ file }: { file: Pick<FileView, "id" | "name" | "hasThumbnail"> }) {
  const { id, name, hasThumbnail } = file
  const [failed, setFailed] = useState(false)
  if (!hasThumbnail || failed) return <FileKind name={name} />
  return (
    // biome-ignore lint/performance/noImgElement: the store has it in its size
    <img
      src={`/api/v1/files/${id}/thumbnail`}
      alt=""
      loading="lazy"
      decoding="async"
      className="size-9.5 shrink-0 rounded-lg bg-selected object-cover"
      onError={() => setFailed(true)}
    />
  )
}
