import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db, noSql, sql } from "#lib/db.ts"
import { containing, DEFAULT_LIMIT, readCursor, toPage } from "#lib/list-page.ts"
import type { FileListQuery, FileView } from "./file.ts"
import { type FileRow, fileColumns, toFileView } from "./file-columns.ts"

/**
 * The owner's files, newest first; `q` searches their names, `status` selects unfinished or ready
 * ones.
 */
export async function listFiles(
  owner: MemberId,
  { q, cursor, status, limit = DEFAULT_LIMIT }: FileListQuery = {},
): Promise<{ items: FileView[]; nextCursor: string | null }> {
  const after = cursor ? readCursor(cursor) : null
  const rows = await db.$queryRaw<(FileRow & { place: string })[]>`
    SELECT ${fileColumns},
      to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place
    FROM file
    WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL
      AND ${statusIs(status)}
      ${q ? sql`AND name ILIKE ${containing(q)}` : noSql}
      ${after ? sql`AND (created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)` : noSql}
    ORDER BY created_at DESC, id DESC
    LIMIT ${limit + 1}`
  const { page, nextCursor } = toPage(rows, limit)
  return { items: page.map(toFileView), nextCursor }
}

// Literals instead of a parameter, so that the partial index of unfinished files can be used.
function statusIs(status: FileListQuery["status"]) {
  if (status === "uploading") return sql`status = 'uploading'`
  return status === "ready" ? sql`status = 'ready'` : sql`status <> 'abandoned'`
}
