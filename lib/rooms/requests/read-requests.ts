import "server-only"
import { containing } from "#lib/adapters/database/list-page.ts"
import {
  countedPage,
  countRows,
  type ListedOf,
  type SortKey,
} from "#lib/adapters/database/sorted-page.ts"
import { timeText } from "#lib/adapters/database/time-text.ts"
import { db, joinSql, noSql, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { type OwnerId, type Reader, shownTo } from "#lib/rooms/accounts/member.ts"
import { addressOfLink } from "#lib/rooms/shares/links/read-links.ts"
import { countByStatus } from "#lib/rooms/shares/list/list-shares.ts"
import type { ShareCounts } from "#lib/rooms/shares/share.ts"
import {
  claimsOf,
  endOfShare,
  hasStatus,
  openToOf,
  requestVersionOf,
  statusOf,
} from "#lib/rooms/shares/share-sql.ts"
import {
  type AdminRequestView,
  type AllRequestsQuery,
  RequestFields,
  type RequestListQuery,
  type RequestView,
} from "./request.ts"

const noSuchRequest = () => refusal("not_found", "no_request")

/** Returns the id. A malformed one is refused as unknown; PostgreSQL would throw. */
export function requestIdOrRefuse(id: string) {
  if (!isUuid(id)) throw noSuchRequest()
  return id
}

/** Returns a request. Refuses `not_found`, also for another member's. */
export async function requireRequest(owner: OwnerId, id: string): Promise<RequestView> {
  const { owner: _owner, ...view } = await requireWhere(id, sql`s.owner_id = ${owner}::uuid`)
  return view
}

/** Returns any member's request, for an admin or auditor. Refuses `not_found`. */
export const requireAnyRequest = async (reader: Reader, id: string): Promise<AdminRequestView> =>
  requestShownTo(reader, await requireWhere(id, sql`true`))

async function requireWhere(id: string, where: Sql) {
  const [row] = await readRequests({
    where: sql`s.id = ${requestIdOrRefuse(id)}::uuid AND ${where}`,
  })
  if (!row) throw noSuchRequest()
  return toView(row)
}

/** Lists the owner's requests; `q` searches titles. */
export async function listRequests(
  owner: OwnerId,
  query: RequestListQuery = {},
): Promise<ListedOf<RequestView>> {
  return readPage({ ...query, ownerId: owner }, (row) => {
    const { owner: _owner, ...view } = toView(row)
    return view
  })
}

/** Whether a member has made requests that are not deleted. */
export const hasRequests = async (owners: OwnerId[]): Promise<boolean> =>
  (await db.request.findFirst({
    where: { deletedAt: null, share: { ownerId: { in: owners } } },
    select: { shareId: true },
  })) !== null

/** Counts, by status, the owner's requests that match a search. */
export const countRequests = (owner: OwnerId, q?: string): Promise<ShareCounts> =>
  countByStatus(allWhere(matching({ q, ownerId: owner })))

/** Lists every member's requests, for an admin or auditor. */
export const listAllRequests = (
  reader: Reader,
  query: AllRequestsQuery = {},
): Promise<ListedOf<AdminRequestView>> =>
  readPage(query, (row) => requestShownTo(reader, toView(row)))

/** The version is a hash by which a chosen address can be guessed. */
const requestShownTo = (reader: Reader, view: AdminRequestView) =>
  shownTo(reader, view, { slug: null, version: "" })

const SORT_KEYS: Record<string, SortKey> = {
  created: { by: "s.created_at", type: "timestamptz" },
  end: { by: endOfShare("s"), type: "timestamptz" },
  name: { by: "lower(s.title)", type: "text" },
}

async function readPage<View>(
  query: AllRequestsQuery,
  view: (row: RequestRow) => View,
): Promise<ListedOf<View>> {
  const where = matching(query)
  return countedPage(
    {
      query,
      keys: SORT_KEYS,
      id: "s.id",
      read: (slice) => readRequests({ ...slice, where: sql`${where} AND ${slice.where}` }),
      view,
    },
    countRows(sql`SELECT FROM ${allWhere(where)}`),
  )
}

function matching({ q, status, ownerId }: Pick<AllRequestsQuery, "q" | "status" | "ownerId">): Sql {
  const conditions = [sql`s.share_kind = 'request' AND r.deleted_at IS NULL`]
  if (ownerId) conditions.push(sql`s.owner_id = ${ownerId}::uuid`)
  if (status) conditions.push(rawSql(hasStatus("s", status)))
  if (q) conditions.push(sql`s.title ILIKE ${containing(q)}`)
  return joinSql(conditions, " AND ")
}

const allWhere = (where: Sql) => sql`share s JOIN request r ON r.share_id = s.id WHERE ${where}`

type RequestRow = Omit<AdminRequestView, "url" | "revokedBy"> & {
  place: string
  publicId: Uint8Array | null
  revokedByAdmin: boolean
  revokerName: string | null
}

type Selection = { where: Sql; limit?: number; order?: Sql; place?: Sql }

const time = (column: string) => rawSql(timeText(column))

/** In SQL: when all of a file had arrived or, if it was scanned, was found clean. Null before. */
export const ARRIVED_AT = "coalesce(file.ready_at, file.unchecked_since)"

/** In SQL: whether a delivery may lack the name that its request requires of senders at the end. */
export const waitsForName = (request: string, delivery: string) =>
  `(coalesce(${request}.fields->>'name', '') = 'required' AND ${delivery}.done_at IS NULL AND ${delivery}.erased_at IS NULL)`

const readRequests = ({ where, limit, order, place = sql`''` }: Selection) =>
  db.$queryRaw<RequestRow[]>`
    SELECT s.id, ${place} AS place, link.public_id AS "publicId",
      ${rawSql(openToOf("s"))} AS "openTo",
      ${rawSql(requestVersionOf("s"))} AS version,
      (SELECT slug FROM request_slug WHERE share_id = s.id AND left_at IS NULL LIMIT 1) AS slug,
      s.title, s.message, ${rawSql(statusOf("s"))} AS status, r.folder,
      ${time("s.starts_at")} AS "startsAt", ${time("s.expires_at")} AS "expiresAt",
      s.password_hash IS NOT NULL AS "hasPassword", s.max_downloads IS NULL AS reusable,
      r.max_files AS "maxFiles", r.max_bytes::float8 AS "maxBytes",
      r.max_file_bytes::float8 AS "maxFileBytes", r.types, r.fields, r.thanks, r.delete_days AS retention, s.notices,
      r.file_count AS "fileCount", r.total_bytes::float8 AS "totalBytes",
      r.arriving_count AS "arrivingFileCount",
      r.arriving_bytes::float8 AS "arrivingBytes", r.new_count AS "newFileCount",
      ${rawSql(claimsOf("s"))}::float8 AS deliveries, counted.*,
      ${time("s.created_at")} AS "createdAt", ${time("s.revoked_at")} AS "revokedAt",
      s.revoked_by_admin AS "revokedByAdmin", revoker.name AS "revokerName",
      s.revoke_reason AS "revokeReason",
      json_build_object('id', owner.id, 'name', owner.name, 'email', owner.email) AS owner
    FROM share s
    JOIN request r ON r.share_id = s.id AND r.deleted_at IS NULL
    JOIN member owner ON owner.id = s.owner_id
    LEFT JOIN member revoker ON revoker.id = s.revoked_by_id
    LEFT JOIN link ON link.share_id = s.id AND link.open AND link.revoked_at IS NULL
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(views), 0)::float8 AS views, coalesce(sum(bot_views), 0)::float8 AS "botViews"
      FROM share_counter WHERE share_id = s.id
    ) counted
    WHERE ${where}
    ${order === undefined ? noSql : sql`ORDER BY ${order}`}
    ${limit === undefined ? noSql : sql`LIMIT ${limit}`}`

function toView(row: RequestRow): AdminRequestView {
  const { place, publicId, revokedByAdmin, revokerName, fields, owner, ...request } = row
  return {
    ...request,
    url: publicId && addressOfLink({ publicId, kind: "request", open: true }),
    fields: RequestFields.parse(fields),
    revokedBy: request.revokedAt
      ? { name: plainName(revokerName ?? ""), admin: revokedByAdmin }
      : null,
    owner: { ...owner, name: plainName(owner.name) },
  }
}
