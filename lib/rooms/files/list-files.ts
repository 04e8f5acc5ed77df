import "server-only"
import { containing } from "#lib/adapters/database/list-page.ts"
import {
  countedPage,
  countRows,
  type ListedOf,
  type SortKey,
} from "#lib/adapters/database/sorted-page.ts"
import { db, joinSql, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import type { FileListQuery, FileView } from "./file.ts"
import { type FileRow, fileColumns, viewFor } from "./file-columns.ts"
import { inFolder } from "./files-in-folder.ts"
import { type FateRow, fateColumns, type OwnFile, toOwnFile } from "./retention/keep-files.ts"
import { isGuest, isSeenBy, isSentBy, type Uploader } from "./upload/uploader.ts"

const MOST_CHOSEN = 10_000

export const FILE_SORT_KEYS: Record<string, SortKey> = {
  created: { by: "file.created_at", type: "timestamptz" },
  name: { by: "lower(file.name)", type: "text" },
  size: { by: "file.size", type: "bigint" },
}

/** Lists the files of an owner or of a guest, newest first or in the order of `sort`. */
export const listFiles = (by: Uploader, query: FileListQuery = {}): Promise<ListedOf<FileView>> =>
  list<FileRow, FileView>(by, query, { columns: fileColumns, view: (row) => viewFor(by, row) })

/** Lists the files of an owner like `listFiles`, with what becomes of them. */
export const listOwnFiles = (
  owner: OwnerId,
  query: FileListQuery = {},
): Promise<ListedOf<OwnFile>> => {
  const columns = sql`${fileColumns}, ${fateColumns}`
  return list<FileRow & FateRow, OwnFile>(owner, query, { columns, view: toOwnFile })
}

const list = <Row extends FileRow, View>(
  by: Uploader,
  query: FileListQuery,
  { columns, view }: { columns: Sql; view: (row: Row) => View },
) =>
  countedPage<Row & { place: string }, View>(
    {
      query,
      keys: FILE_SORT_KEYS,
      id: "file.id",
      // The page is cut before it is judged.
      read: (slice) => db.$queryRaw<(Row & { place: string })[]>`
        SELECT ${columns}, file.place FROM (
          SELECT file.*, ${slice.place} AS place FROM file
          WHERE ${matching(by, query)} AND ${slice.where} ORDER BY ${slice.order} LIMIT ${slice.limit}
        ) AS file ORDER BY ${slice.order}`,
      view,
    },
    countFiles(by, query),
  )

type Filter = Omit<FileListQuery, "sort" | "cursor" | "limit">

/** Counts the owner's files that match; null for more than 1,000. */
export const countFiles = (by: Uploader, filter: Filter): Promise<number | null> =>
  countRows(sql`SELECT FROM file WHERE ${matching(by, filter)}`)

/** Lists the ids of the owner's files that match, in the order of their paths, up to 10,000. */
export async function listFileIds(owner: OwnerId, filter: Filter): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM file WHERE ${matching(owner, filter)} ORDER BY path, name, id LIMIT ${MOST_CHOSEN}`
  return rows.map(({ id }) => id)
}

function matching(by: Uploader, { q, status, path, folder, shared, share }: Filter): Sql {
  return joinSql(
    [
      status === "abandoned"
        ? sql`${isSentBy(by)} AND file.ended_for = 'idle'`
        : sql`${isSeenBy(by)} AND file.deleted_at IS NULL`,
      statusIs(by, status),
      ...(path === undefined ? [] : [sql`file.path COLLATE "C" = ${path}`]),
      ...(folder === undefined ? [] : [inFolder(folder)]),
      ...(q ? [sql`file.name ILIKE ${containing(q)}`] : []),
      ...(share === undefined
        ? []
        : [
            sql`file.id IN (SELECT file_id FROM share_file
              WHERE share_id = ${share}::uuid AND removed_at IS NULL)`,
          ]),
      ...(shared === undefined ? [] : [shared ? IN_A_SHARE : UNSHARED]),
    ],
    " AND ",
  )
}

const IN_A_SHARE = sql`EXISTS (
  SELECT FROM share_file WHERE share_file.file_id = file.id AND share_file.removed_at IS NULL)`

const UNSHARED = sql`file.maybe_unshared AND NOT ${IN_A_SHARE}`

// Uses literals instead of a parameter, so that the partial index of unfinished files can be used.
function statusIs(by: Uploader, status: FileListQuery["status"]) {
  // A guest sees no difference between the two.
  if (isGuest(by) && status === "checking") return sql`file.status IN ('checking', 'held')`
  return status ? sql`file.status = ${rawSql(`'${status}'`)}` : sql`file.status <> 'abandoned'`
}
