import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db, noSql, sql } from "#lib/db.ts"
import { containing, DEFAULT_LIMIT, readCursor, toPage } from "#lib/list-page.ts"
import type { ListQuery } from "#lib/list-query.ts"
import type { FileView } from "./file.ts"
import { type FileRow, toFileView } from "./file-view.ts"

/** The owner's files, newest first; `q` is looked for in their names. */
export async function listFiles(
  owner: MemberId,
  { q, cursor, limit = DEFAULT_LIMIT }: ListQuery = {},
): Promise<{ items: FileView[]; nextCursor: string | null }> {
  const after = cursor ? readCursor(cursor) : null
  const rows = await db.$queryRaw<(FileRow & { place: string })[]>`
    SELECT id, name, size, content_type AS "contentType", status, created_at AS "createdAt",
      to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place
    FROM file
    WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL AND status <> 'abandoned'
      ${q ? sql`AND name ILIKE ${containing(q)}` : noSql}
      ${after ? sql`AND (created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)` : noSql}
    ORDER BY created_at DESC, id DESC
    LIMIT ${limit + 1}`
  const { page, nextCursor } = toPage(rows, limit)
  return { items: page.map(toFileView), nextCursor }
}
