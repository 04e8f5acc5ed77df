import "server-only"
import { DEFAULT_LIMIT, readCursor, toPage } from "#lib/adapters/database/list-page.ts"
import type { ListQuery } from "#lib/adapters/database/list-query.ts"
import { exactTimeText } from "#lib/adapters/database/time-text.ts"
import { db, noSql, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import type { AuditorId, OwnerId } from "#lib/rooms/accounts/member.ts"
import { ownHost } from "#lib/rooms/claims/visitor/visitor-source.ts"
import { noSuchShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import type { EventKind, EventView } from "./event.ts"

type Row = {
  id: string | null
  at: Date
  place: string
  kind: EventKind
  again: boolean
  fileCount: number | null
  fileId: string | null
  fileName: string | null
  recipient: string | null
  agent: string | null
  referrer: string | null
  visitor: Uint8Array | null
}

type Listed = { items: EventView[]; nextCursor: string | null }
type Page = Omit<ListQuery, "q"> & { kind?: ShareKind }

/**
 * Lists the events of the links of the owner's share, or of a request if `kind` says so, newest
 * first. Refuses `not_found`.
 */
export const listEvents = (owner: OwnerId, shareId: string, page: Page = {}): Promise<Listed> =>
  eventsOf(shareId, sql`s.owner_id = ${owner}::uuid`, page)

/** Lists the events of any member's share, newest first, for an admin. Refuses `not_found`. */
export const listEventsAsAdmin = (
  _by: AuditorId,
  shareId: string,
  page: Page = {},
): Promise<Listed> => eventsOf(shareId, sql`true`, page)

async function eventsOf(
  shareId: string,
  mayRead: Sql,
  { cursor, limit = DEFAULT_LIMIT, kind = "share" }: Page,
): Promise<Listed> {
  const after = cursor ? readCursor(cursor) : null
  // A left join: no row means that there is no such share, a row of nulls a share without events.
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.id, e.at, ${rawSql(exactTimeText("e.at"))} AS place,
      e.kind::text AS kind, e.again, e.file_id AS "fileId", f.name AS "fileName",
      CASE WHEN e.kind IN ('claim', 'mint')
        THEN CASE WHEN e.file_id IS NULL THEN cardinality(e.file_ids) ELSE 1 END END AS "fileCount",
      nullif(l.recipient, '') AS recipient, e.agent, nullif(e.referrer, ${ownHost()}) AS referrer, e.visitor
    FROM share s
    LEFT JOIN LATERAL (
      SELECT * FROM event
      WHERE share_id = s.id
        ${after ? sql`AND (at, id) < (${after.at}::timestamptz, ${after.id}::uuid)` : noSql}
      ORDER BY at DESC, id DESC LIMIT ${limit + 1}
    ) AS e ON true
    LEFT JOIN file f ON f.id = e.file_id
    LEFT JOIN link l ON l.id = e.link_id
    WHERE s.id = ${shareIdOrRefuse(shareId)}::uuid AND s.share_kind = ${kind}::share_kind AND ${mayRead}
    ORDER BY e.at DESC, e.id DESC`
  if (rows.length === 0) throw noSuchShare()
  const { page, nextCursor } = toPage(rows.flatMap(eventOf), limit)
  return { items: page.map(toEventView), nextCursor }
}

const eventOf = (row: Row) => (row.id === null ? [] : [{ ...row, id: row.id }])

function toEventView({
  fileId,
  fileName,
  visitor,
  place: _,
  ...row
}: Row & { id: string }): EventView {
  return {
    ...row,
    at: row.at.toISOString(),
    file: fileId && fileName !== null ? { id: fileId, name: fileName } : null,
    visitor: visitor && Buffer.from(visitor).toString("base64url"),
  }
}
