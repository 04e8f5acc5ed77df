import type { ComponentProps, ReactNode } from "react"
import { FileKind } from "#components/ui/files/file-kind.tsx"
import { RowFileName } from "#components/ui/files/file-name.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"
import { EntryRow } from "./entry-row.tsx"
import { FileLink, type ListedFile } from "./file-link.tsx"
import { FilePicture } from "./file-picture.tsx"
import { UncheckedBadge } from "./unchecked-badge.tsx"

type FileRowProps = Omit<ComponentProps<typeof EntryRow>, "picture" | "name"> & {
  file: ListedFile &
    Pick<FileView, "hasThumbnail"> &
    Partial<Pick<FileView, "heldFor" | "notScanned">>
  /** Whether the reader owns the file: admins see neither what is in it nor its picture. */
  isOwn?: boolean
  badges?: ReactNode
}

/** A file in a list: a press on its row opens it. */
export function FileRow({ file, isOwn = true, badges, ...row }: FileRowProps) {
  const { name } = file
  return (
    <EntryRow
      {...row}
      picture={
        isOwn ? (
          <FilePicture file={file} isLarge={row.look === "tiles"} />
        ) : (
          <FileKind name={name} />
        )
      }
      name={
        isOwn ? (
          <FileLink file={file} place={row.look === "tiles" ? "tile" : "row"} />
        ) : (
          <span className="min-w-0 wrap-anywhere" title={name}>
            <RowFileName name={name} />
          </span>
        )
      }
      badges={
        <>
          {badges}
          <UncheckedBadge {...file} />
        </>
      }
    />
  )
}
