import "server-only"
import type { AdminId, MemberId } from "#lib/accounts/member.ts"
import { db, joinSql, rawSql, sql } from "#lib/db.ts"
import { DEFAULT_LIMIT, readCursor, toPage } from "#lib/list-page.ts"
import { readShares, toAdminShareView, toShareView } from "./read-shares.ts"
import { matchesSearch } from "./search-shares.ts"
import type {
  AdminShareView,
  AllSharesQuery,
  ShareListQuery,
  ShareStatus,
  ShareView,
} from "./share.ts"
import { hasStatus, statusOf } from "./share-sql.ts"

/** The owner's shares, newest first; `q` searches titles and the names of their files. */
export async function listShares(
  owner: MemberId,
  query: ShareListQuery = {},
): Promise<{ items: ShareView[]; nextCursor: string | null }> {
  const { page, nextCursor } = await readPage({ ...query, ownerId: owner })
  return { items: page.map(toShareView), nextCursor }
}

/** Every member's shares, for an admin. */
export async function listAllShares(
  _admin: AdminId,
  query: AllSharesQuery = {},
): Promise<{ items: AdminShareView[]; nextCursor: string | null }> {
  const { page, nextCursor } = await readPage(query)
  return { items: page.map(toAdminShareView), nextCursor }
}

/**
 * The owner's shares of any status that contain one of these files (UUIDs), newest first, and which
 * of them.
 */
export async function listSharesOfFiles(
  owner: MemberId,
  fileIds: string[],
): Promise<{ id: string; title: string; status: ShareStatus; fileIds: string[] }[]> {
  return db.$queryRaw`
    SELECT s.id, s.title, ${rawSql(statusOf("s"))} AS status,
      array_agg(share_file.file_id ORDER BY share_file.position) AS "fileIds"
    FROM share s JOIN share_file ON share_file.share_id = s.id
    WHERE s.owner_id = ${owner}::uuid AND share_file.file_id = ANY(${fileIds}::uuid[])
      AND share_file.removed_at IS NULL
    GROUP BY s.id
    ORDER BY s.created_at DESC, s.id DESC`
}

async function readPage({ status, q, ownerId, cursor, limit = DEFAULT_LIMIT }: AllSharesQuery) {
  const after = cursor ? readCursor(cursor) : null
  const conditions = [
    sql`true`,
    ...(ownerId ? [sql`s.owner_id = ${ownerId}::uuid`] : []),
    ...(status ? [rawSql(hasStatus("s", status))] : []),
    ...(q ? [await matchesSearch(q, ownerId ?? null)] : []),
    ...(after ? [sql`(s.created_at, s.id) < (${after.at}::timestamptz, ${after.id}::uuid)`] : []),
  ]
  const where = joinSql(conditions, " AND ")
  return toPage(await readShares({ where, limit: limit + 1, files: "first" }), limit)
}
