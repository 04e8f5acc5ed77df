import "server-only"
import { z } from "zod"
import {
  countedPage,
  countRows,
  countUpTo,
  type Listed,
  type ListedOf,
  type SortKey,
  sortedPage,
} from "#lib/adapters/database/sorted-page.ts"
import { db, joinSql, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { type OwnerId, type Reader, shownTo } from "#lib/rooms/accounts/member.ts"
import { stillShown } from "#lib/rooms/files/name-shares.ts"
import {
  type AdminShareView,
  type AllSharesQuery,
  SHARE_STATUSES,
  type ShareCounts,
  type ShareListQuery,
  type SharesOfFilesQuery,
  type ShareView,
} from "#lib/rooms/shares/share.ts"
import { endOfShare, hasStatus, nameOf, statusOf } from "#lib/rooms/shares/share-sql.ts"
import { readShares, type ShareRow, toAdminShareView, toShareView } from "./read-shares.ts"
import { searchShares } from "./search-shares.ts"

const MOST_CHOSEN = 10_000

/** Lists the owner's shares in the order of `sort`; `q` searches titles, recipients and files. */
export const listShares = (
  owner: OwnerId,
  query: ShareListQuery = {},
): Promise<ListedOf<ShareView>> => readPage({ ...query, ownerId: owner }, toShareView)

/** Lists every member's shares, for an admin or auditor. */
export const listAllShares = (
  reader: Reader,
  query: AllSharesQuery = {},
): Promise<ListedOf<AdminShareView>> =>
  readPage(query, (row) => shownTo(reader, toAdminShareView(row)))

/** Lists the ids of all of the owner's shares that match, newest first, up to 10,000. */
export async function listShareIds(
  owner: OwnerId,
  { q, status }: Pick<ShareListQuery, "q" | "status">,
): Promise<string[]> {
  const { where } = await matching({ q, status, ownerId: owner })
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM share s WHERE ${where}
    ORDER BY s.created_at DESC, s.id DESC LIMIT ${MOST_CHOSEN}`
  return rows.map(({ id }) => id)
}

export const ShareOfFiles = z.strictObject({
  id: z.uuid(),
  title: z.string(),
  name: z.string(),
  fileCount: z.int(),
  status: z.enum(SHARE_STATUSES),
  fileIds: z.array(z.string()),
})
export type ShareOfFiles = z.infer<typeof ShareOfFiles>

/**
 * Lists the owner's shares that contain any of these files, newest first, with the files that each
 * one contains. `usable`: only those that are open or scheduled. `emptied` is the number of those
 * that contain no other file.
 */
export async function listSharesOfFiles(
  owner: OwnerId,
  { fileIds, usable = false, ...query }: SharesOfFilesQuery,
): Promise<Listed<ShareOfFiles> & { total: number; emptied: number }> {
  const status = rawSql(statusOf("s"))
  const from = sql`FROM share s JOIN share_file ON share_file.share_id = s.id
    WHERE s.owner_id = ${owner}::uuid AND share_file.file_id = ANY(${fileIds}::uuid[])
      AND share_file.removed_at IS NULL AND (NOT ${usable} OR ${status} IN ('open', 'scheduled'))`
  const shownFiles = sql`FROM share_file shown JOIN file ON file.id = shown.file_id
    WHERE shown.share_id = s.id AND shown.removed_at IS NULL AND ${stillShown}`
  const [listed, [counted]] = await Promise.all([
    sortedPage<ShareOfFiles & { place: string }, ShareOfFiles>({
      query,
      keys: SORT_KEYS,
      id: "s.id",
      read: ({ where, order, place, limit: most }) => db.$queryRaw`
        SELECT s.id, s.title, ${rawSql(nameOf("s"))} AS name, ${status} AS status, ${place} AS place,
          (SELECT count(*)::int ${shownFiles}) AS "fileCount",
          array_agg(share_file.file_id ORDER BY share_file.position) AS "fileIds"
        ${from} AND ${where}
        GROUP BY s.id ORDER BY ${order} LIMIT ${most}`,
      view: ({ place, ...share }) => share,
    }),
    db.$queryRaw<{ total: number; emptied: number }[]>`
      SELECT count(*)::int AS total, (count(*) FILTER (WHERE NOT EXISTS (
        SELECT ${shownFiles} AND shown.file_id <> ALL(${fileIds}::uuid[]))))::int AS emptied
      FROM (SELECT DISTINCT s.id ${from}) AS s`,
  ])
  return { ...listed, ...(counted ?? { total: 0, emptied: 0 }) }
}

const SORT_KEYS: Record<string, SortKey> = {
  created: { by: "s.created_at", type: "timestamptz" },
  end: { by: endOfShare("s"), type: "timestamptz" },
  /** The displayed name: the title or, without one, the name of the first file. */
  name: { by: `lower(${nameOf("s")})`, type: "text" },
  /** Up to a minute old. */
  views: { by: "s.rolled_views", type: "bigint" },
}

type Filter = Pick<AllSharesQuery, "q" | "status" | "ownerId">

async function readPage<View>(
  query: AllSharesQuery,
  view: (row: ShareRow) => View,
): Promise<ListedOf<View>> {
  const { where, enough } = await matching(query)
  return countedPage(
    {
      query,
      keys: SORT_KEYS,
      id: "s.id",
      read: (slice) =>
        readShares({
          ...slice,
          where: sql`${where} AND ${slice.where} AND ${endOf(query)}`,
          files: "first",
        }),
      view,
    },
    countMatching(where, enough),
  )
}

/**
 * Repeats the condition of the status for a list sorted by end, with the expression of the index,
 * so that no scan reads the expired shares.
 */
function endOf({ status, sort }: AllSharesQuery): Sql {
  if (!sort?.endsWith("end") || status === undefined || status === "revoked") return sql`true`
  return rawSql(`${endOfShare("s")} ${status === "expired" ? "<=" : ">"} statement_timestamp()`)
}

/** Counts matching shares; null above the maximum. Checks the cheaper `enough` first. */
async function countMatching(where: Sql, enough: Sql | null): Promise<number | null> {
  if (enough && (await countMatching(enough, null)) === null) return null
  return countRows(sql`SELECT FROM share s WHERE ${where}`)
}

/**
 * Counts, by status, the owner's shares that match a search. Returns null if the search does not
 * select the matches by id, so that counting would take longer than reading the list.
 */
export async function countShares(owner: OwnerId, q?: string): Promise<ShareCounts | null> {
  const { where, enough } = await matching({ q, ownerId: owner })
  return enough ? null : countByStatus(sql`share s WHERE ${where}`)
}

/** Counts shares or requests by status; `from` names them s and ends with a condition. */
export async function countByStatus(from: Sql): Promise<ShareCounts> {
  const count = (name: string, of: string) =>
    sql`${countUpTo(sql`SELECT FROM ${from} AND ${rawSql(of)}`)} AS ${rawSql(name)}`
  const byStatus = SHARE_STATUSES.map((status) => count(status, hasStatus("s", status)))
  const [counts] = await db.$queryRaw<[ShareCounts]>`
    SELECT ${joinSql([count(`"all"`, "true"), ...byStatus])}`
  return counts
}

type Matching = {
  /** A condition on a share called s. */
  where: Sql
  /** A condition that is much cheaper and matches fewer shares; null if there is none. */
  enough: Sql | null
}

async function matching({ q, status, ownerId }: Filter): Promise<Matching> {
  const conditions = [
    sql`s.share_kind = 'share'`,
    ...(ownerId ? [sql`s.owner_id = ${ownerId}::uuid`] : []),
    ...(status ? [rawSql(hasStatus("s", status))] : []),
  ]
  const search = q ? await searchShares(q, ownerId ?? null) : null
  const all = (more: Sql | undefined) => joinSql([...conditions, ...(more ? [more] : [])], " AND ")
  return { where: all(search?.where), enough: search?.byTitle ? all(search.byTitle) : null }
}
