import "server-only"
import { z } from "zod"
import { containing } from "#lib/adapters/database/list-page.ts"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { countedPage, countRows, type ListedOf } from "#lib/adapters/database/sorted-page.ts"
import { db, joinSql, rawSql, sql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid, Uuid } from "#lib/adapters/text/uuid.ts"
import type { AuditorId } from "#lib/rooms/accounts/member.ts"
import { LISTED_STATUSES } from "#lib/rooms/files/file.ts"
import { type FileRow, fileColumns } from "#lib/rooms/files/file-columns.ts"
import { FILE_SORT_KEYS } from "#lib/rooms/files/list-files.ts"
import {
  type FateRow,
  fateColumns,
  OwnFile,
  toOwnFile,
} from "#lib/rooms/files/retention/keep-files.ts"
import { SHARE_STATUSES } from "#lib/rooms/shares/share.ts"
import { statusOf } from "#lib/rooms/shares/share-sql.ts"

/** The sort orders of the list; "-" means descending order. */
export const FILE_SORTS = ["created", "-created", "size", "-size"] as const

export const AllFilesQuery = ListQuery.extend({
  status: z.enum(LISTED_STATUSES).optional(),
  ownerId: Uuid.optional(),
  /** The default is newest first. */
  sort: z.enum(FILE_SORTS).optional(),
})
export type AllFilesQuery = z.infer<typeof AllFilesQuery>

/** A file as an admin sees it. */
export const AdminFileView = OwnFile.extend({
  owner: z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() }),
  /** The number of open shares that contain it, up to 101. */
  openShares: z.int(),
})
export type AdminFileView = z.infer<typeof AdminFileView>

/** Open shares are counted up to this number; above it the page only says that there are more. */
const SHARES_COUNTED_TO = 100

type Row = FileRow &
  FateRow & { ownerId: string; ownerName: string; ownerEmail: string; openShares: number }

const selected = sql`${fileColumns}, ${fateColumns}, owner.id AS "ownerId", owner.name AS "ownerName",
  owner.email AS "ownerEmail", (
    SELECT count(*)::int FROM (
      SELECT FROM share_file sf JOIN share s ON s.id = sf.share_id
      WHERE sf.file_id = file.id AND sf.removed_at IS NULL AND ${rawSql(statusOf("s"))} = 'open'
      LIMIT ${SHARES_COUNTED_TO + 1}
    ) AS counted
  ) AS "openShares"`

/** Lists every member's files, newest first or in the order of `sort`; `q` searches their names. */
export async function listAllFiles(
  _by: AuditorId,
  query: AllFilesQuery = {},
): Promise<ListedOf<AdminFileView>> {
  const where = matching(query)
  return countedPage(
    {
      query,
      keys: FILE_SORT_KEYS,
      id: "file.id",
      // The page is cut before shares are counted.
      read: (slice) => db.$queryRaw<(Row & { place: string })[]>`
        SELECT ${selected}, file.place
        FROM (
          SELECT file.*, ${slice.place} AS place FROM file
          WHERE ${where} AND ${slice.where} ORDER BY ${slice.order} LIMIT ${slice.limit}
        ) AS file JOIN member owner ON owner.id = file.owner_id
        ORDER BY ${slice.order}`,
      view: (row) => toView(row),
    },
    countRows(sql`SELECT FROM file WHERE ${where}`),
  )
}

type Filter = Pick<AllFilesQuery, "q" | "status" | "ownerId">

const matching = ({ q, status, ownerId }: Filter) =>
  joinSql(
    [
      sql`file.deleted_at IS NULL AND file.status <> 'abandoned'`,
      ...(status ? [sql`file.status = ${status}::file_status`] : []),
      ...(status === "checking" || status === "held" ? [sql`unchecked_since IS NOT NULL`] : []),
      ...(ownerId ? [sql`file.owner_id = ${ownerId}::uuid`] : []),
      ...(q ? [sql`file.name ILIKE ${containing(q)}`] : []),
    ],
    " AND ",
  )

/** Returns a file of any member that is not deleted. Refuses `not_found`. */
export async function requireAnyFile(_by: AuditorId, id: string): Promise<AdminFileView> {
  const [row] = isUuid(id)
    ? await db.$queryRaw<Row[]>`
        SELECT ${selected} FROM file JOIN member owner ON owner.id = file.owner_id
        WHERE file.id = ${id}::uuid AND file.deleted_at IS NULL`
    : []
  if (!row) throw refusal("not_found", "no_file")
  return toView(row)
}

const toView = ({ ownerId, ownerName, ownerEmail, openShares, ...row }: Row): AdminFileView => ({
  ...toOwnFile(row),
  owner: { id: ownerId, name: plainName(ownerName), email: ownerEmail },
  openShares,
})

export const ShareOfFile = z.strictObject({
  id: z.uuid(),
  title: z.string(),
  status: z.enum(SHARE_STATUSES),
  createdAt: z.iso.datetime(),
})
export type ShareOfFile = z.infer<typeof ShareOfFile>

const SHARES_SHOWN = 100

/** Lists the shares of a file, newest first, at most 100. */
export async function listSharesOfFile(_by: AuditorId, fileId: string): Promise<ShareOfFile[]> {
  const rows = await db.$queryRaw<(Omit<ShareOfFile, "createdAt"> & { createdAt: Date })[]>`
    SELECT s.id, s.title, ${rawSql(statusOf("s"))} AS status, s.created_at AS "createdAt"
    FROM share_file sf JOIN share s ON s.id = sf.share_id
    WHERE sf.file_id = ${fileId}::uuid AND sf.removed_at IS NULL
    ORDER BY s.id DESC LIMIT ${SHARES_SHOWN}`
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }))
}
