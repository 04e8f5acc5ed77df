"use client"

import type { ComponentProps } from "react"
import { useOwnerUrl } from "#components/nav/owner.ts"
import { classNames } from "#components/ui/class-names.ts"
import { RowFileName } from "#components/ui/files/file-name.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"

export type ListedFile = Pick<FileView, "id" | "name" | "size" | "contentType" | "status">

export const downloadOf = ({ id }: Pick<FileView, "id">) => `/api/v1/files/${id}/download`

/** Opens a file in the viewer, by its link on the page. */
export const openFile = ({ id }: Pick<FileView, "id">) =>
  document.querySelector<HTMLElement>(`a[data-file="${id}"]`)?.click()

type FileLinkProps = {
  file: ListedFile
  place?: ComponentProps<typeof RowFileName>["place"]
  className?: string
}

/** The name of an own file in a list, whose press opens the file, if it is ready. */
export function FileLink({ file, place = "row", className }: FileLinkProps) {
  const { id, name, size, contentType, status } = file
  const urlOf = useOwnerUrl()
  const look = classNames("line-clamp-3 min-w-0 font-medium wrap-anywhere", className)
  if (status !== "ready") {
    return (
      <span className={look} title={name}>
        <RowFileName name={name} place={place} />
      </span>
    )
  }
  return (
    <a
      href={urlOf(downloadOf({ id }))}
      data-file={id}
      data-name={name}
      data-size={size}
      data-type={contentType}
      title={name}
      className={classNames(look, "after:absolute after:inset-0")}
    >
      <RowFileName name={name} place={place} />
    </a>
  )
}
