import "server-only"
import { Refusal } from "#lib/errors.ts"
import { isUuid } from "#lib/uuid.ts"
import type { FileView } from "./file.ts"

/** The columns a FileView is made of. */
export const fileSelect = {
  id: true,
  name: true,
  size: true,
  contentType: true,
  status: true,
  createdAt: true,
} as const

export type FileRow = {
  id: string
  name: string
  size: bigint
  contentType: string
  status: "uploading" | "ready" | "abandoned"
  createdAt: Date
}

export function toFileView({ id, name, size, contentType, status, createdAt }: FileRow): FileView {
  return {
    id,
    name,
    size: Number(size),
    contentType,
    status: status === "ready" ? "ready" : "uploading",
    createdAt: createdAt.toISOString(),
  }
}

export const noSuchFile = () => new Refusal("not_found", "There is no such file.")

/** The id, or the refusal an unknown one gets: PostgreSQL would answer a malformed one with an error. */
export function fileIdOrRefuse(id: string) {
  if (!isUuid(id)) throw noSuchFile()
  return id
}
