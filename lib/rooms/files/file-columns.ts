import "server-only"
import { sql } from "#lib/adapters/database.ts"
import type { Actor } from "#lib/rooms/accounts/member.ts"
import { type FileView, NOT_SCANNED } from "./file.ts"
import { type Guest, isGuest, type Uploader } from "./upload/uploader.ts"

/** The Prisma columns for a FileView. */
export const fileSelect = {
  id: true,
  name: true,
  path: true,
  sentName: true,
  sentPath: true,
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
export const fileColumns = sql`file.id, file.name, file.path, file.sent_name AS "sentName",
  file.sent_path AS "sentPath", file.size, file.content_type AS "contentType",
  file.status, file.held_for AS "heldFor", file.sha256, file.sha256_verified AS "sha256Verified", file.fingerprint,
  file.thumbnail_key AS "thumbnailKey", file.created_at AS "createdAt"`

/** SQL: `notScanned` of a FileView, for a row of files. */
export const notScanned = (row: string) =>
  `(${row}.status = 'ready' AND coalesce(${row}.held_for IN ('${NOT_SCANNED.join("', '")}'), false))`

export type FileRow = Omit<FileView, "size" | "hasThumbnail" | "createdAt" | "notScanned"> & {
  size: bigint
  sentName: string | null
  sentPath: string | null
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
    notScanned: row.status === "ready" && NOT_SCANNED.includes(row.heldFor),
    sha256: row.sha256,
    sha256Verified: row.sha256Verified,
    fingerprint: row.status === "uploading" || row.status === "abandoned" ? row.fingerprint : null,
    hasThumbnail: row.thumbnailKey !== null,
    createdAt: row.createdAt.toISOString(),
  }
}

/**
 * Returns a file as its uploader sees it: a guest as it was sent, and without what a scanner found.
 */
export function viewFor(by: Uploader | Actor, row: FileRow): FileView {
  const file = toFileView(row)
  if (!isGuest(by)) return file
  const held = file.status === "held" && ({ status: "checking", heldFor: null } as const)
  return { ...file, ...held, notScanned: false, ...asSent(by, row) }
}

/** Returns the name and folder that a guest sent, not those that the owner gave the file later. */
export function asSent(
  { folder }: Pick<Guest, "folder">,
  { name, path, sentName, sentPath }: Pick<FileRow, "name" | "path" | "sentName" | "sentPath">,
) {
  const isInside = folder === "" || path.startsWith(`${folder}/`)
  const own = folder === "" ? path : path.slice(folder.length + 1)
  return { name: sentName ?? name, path: sentPath ?? (isInside ? own : "") }
}
