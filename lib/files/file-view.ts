import "server-only"
import { sql } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { isUuid } from "#lib/uuid.ts"
import type { FileView } from "./file.ts"

/** The columns a FileView is made of. */
export const fileSelect = {
  id: true,
  name: true,
  path: true,
  size: true,
  contentType: true,
  status: true,
  sha256: true,
  fingerprint: true,
  createdAt: true,
} as const

/** The same for a raw statement over a table or row called file. */
export const fileColumns = sql`file.id, file.name, file.path, file.size, file.content_type AS "contentType",
  file.status, file.sha256, file.fingerprint, file.created_at AS "createdAt"`

export type FileRow = Omit<FileView, "size" | "createdAt"> & { size: bigint; createdAt: Date }

export function toFileView(row: FileRow): FileView {
  return {
    id: row.id,
    name: row.name,
    path: row.path,
    size: Number(row.size),
    contentType: row.contentType,
    status: row.status,
    sha256: row.sha256,
    fingerprint: row.status === "uploading" ? row.fingerprint : null,
    createdAt: row.createdAt.toISOString(),
  }
}

export const noSuchFile = () => new Refusal("not_found", "There is no such file.")

/** The id, or the refusal an unknown one gets: PostgreSQL would answer a malformed one with an error. */
export function fileIdOrRefuse(id: string) {
  if (!isUuid(id)) throw noSuchFile()
  return id
}
