import "server-only"
import { sql } from "#lib/adapters/database.ts"
import type { FileView } from "./file.ts"

/** The Prisma columns for a FileView. */
export const fileSelect = {
  id: true,
  name: true,
  path: true,
  size: true,
  contentType: true,
  status: true,
  heldFor: true,
  sha256: true,
  sha256Verified: true,
  fingerprint: true,
  thumbnailKey: true,
  createdAt: true,
} as const

/** The columns for a FileView in a raw statement, for a table or row called file. */
export const fileColumns = sql`file.id, file.name, file.path, file.size, file.content_type AS "contentType",
  file.status, file.held_for AS "heldFor", file.sha256, file.sha256_verified AS "sha256Verified", file.fingerprint,
  file.thumbnail_key AS "thumbnailKey", file.created_at AS "createdAt"`

export type FileRow = Omit<FileView, "size" | "hasThumbnail" | "createdAt"> & {
  size: bigint
  thumbnailKey: string | null
  createdAt: Date
}

export function toFileView(row: FileRow): FileView {
  return {
    id: row.id,
    name: row.name,
    path: row.path,
    size: Number(row.size),
    contentType: row.contentType,
    status: row.status,
    heldFor: row.status === "held" ? row.heldFor : null,
    sha256: row.sha256,
    sha256Verified: row.sha256Verified,
    fingerprint: row.status === "uploading" ? row.fingerprint : null,
    hasThumbnail: row.thumbnailKey !== null,
    createdAt: row.createdAt.toISOString(),
  }
}
