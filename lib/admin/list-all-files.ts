import "server-only"
import { z } from "zod"
import type { AdminId } from "#lib/accounts/member.ts"
import { db, noSql, rawSql, sql } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import type { FileView } from "#lib/files/file.ts"
import { type FileRow, fileColumns, toFileView } from "#lib/files/file-columns.ts"
import { containing, DEFAULT_LIMIT } from "#lib/list-page.ts"
import { ListQuery } from "#lib/list-query.ts"
import { plainName } from "#lib/plain-text.ts"
import type { ShareStatus } from "#lib/shares/share.ts"
import { statusOf } from "#lib/shares/share-sql.ts"
import { isUuid, Uuid } from "#lib/uuid.ts"

export const AllFilesQuery = ListQuery.extend({
  cursor: Uuid.optional(),
  status: z.enum(["uploading", "ready"]).optional(),
  ownerId: Uuid.optional(),
})
export type AllFilesQuery = z.infer<typeof AllFilesQuery>

/** A file as an admin sees it. */
export type AdminFileView = FileView & {
  owner: { id: string; name: string; email: string }
  /** Open shares that have it, up to 101. */
  openShares: number
}

/** Counted to this; more are said to be more. */
export const SHARES_COUNTED_TO = 100

type Row = FileRow & { ownerId: string; ownerName: string; ownerEmail: string; openShares: number }

const selected = sql`${fileColumns}, owner.id AS "ownerId", owner.name AS "ownerName",
  owner.email AS "ownerEmail", (
    SELECT count(*)::int FROM (
      SELECT FROM share_file sf JOIN share s ON s.id = sf.share_id
      WHERE sf.file_id = file.id AND ${rawSql(statusOf("s"))} = 'open'
      LIMIT ${SHARES_COUNTED_TO + 1}
    ) AS counted
  ) AS "openShares"`

/** Every member's files, newest first; `q` searches their names. */
export async function listAllFiles(
  _admin: AdminId,
  { q, cursor, status, ownerId, limit = DEFAULT_LIMIT }: AllFilesQuery = {},
): Promise<{ items: AdminFileView[]; nextCursor: string | null }> {
  // Ids grow with time, so the primary key is the order. The page is cut before shares are counted.
  const rows = await db.$queryRaw<Row[]>`
    SELECT ${selected}
    FROM (
      SELECT * FROM file
      WHERE deleted_at IS NULL AND status <> 'abandoned'
        ${status ? sql`AND status = ${status}::file_status` : noSql}
        ${ownerId ? sql`AND owner_id = ${ownerId}::uuid` : noSql}
        ${q ? sql`AND name ILIKE ${containing(q)}` : noSql}
        ${cursor ? sql`AND id < ${cursor}::uuid` : noSql}
      ORDER BY id DESC LIMIT ${limit + 1}
    ) AS file JOIN member owner ON owner.id = file.owner_id
    ORDER BY file.id DESC`
  const items = rows.slice(0, limit).map(toView)
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** A file of any member that is not deleted. Refuses `not_found`. */
export async function requireAnyFile(_admin: AdminId, id: string): Promise<AdminFileView> {
  const [row] = isUuid(id)
    ? await db.$queryRaw<Row[]>`
        SELECT ${selected} FROM file JOIN member owner ON owner.id = file.owner_id
        WHERE file.id = ${id}::uuid AND file.deleted_at IS NULL`
    : []
  if (!row) throw new Refusal("not_found", "There is no such file.")
  return toView(row)
}

const toView = ({ ownerId, ownerName, ownerEmail, openShares, ...row }: Row): AdminFileView => ({
  ...toFileView(row),
  owner: { id: ownerId, name: plainName(ownerName), email: ownerEmail },
  openShares,
})

export type ShareOfFile = { id: string; title: string; status: ShareStatus; createdAt: string }

const SHARES_SHOWN = 100

/** The shares of a file, newest first, at most 100. */
export async function listSharesOfFile(_admin: AdminId, fileId: string): Promise<ShareOfFile[]> {
  const rows = await db.$queryRaw<(Omit<ShareOfFile, "createdAt"> & { createdAt: Date })[]>`
    SELECT s.id, s.title, ${rawSql(statusOf("s"))} AS status, s.created_at AS "createdAt"
    FROM share_file sf JOIN share s ON s.id = sf.share_id
    WHERE sf.file_id = ${fileId}::uuid
    ORDER BY s.id DESC LIMIT ${SHARES_SHOWN}`
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }))
}
