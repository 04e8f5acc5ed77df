import "server-only"
import { db, rawSql } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import { VISITS } from "./charts/activity-statement.ts"
import { EVENTS_READ } from "./receipt.ts"

/** What the visitors of a recipient's link did. */
export type RecipientVisits = {
  /** The device of the first visit: "Chrome on Android". Null if it is not known. */
  openedWith: string | null
  /**
   * The number of different visitors on this UTC day. A view of a link with a code or a password
   * may have shown only a form, so it counts none.
   */
  visitorsToday: number
  /** The number of the share's files that were downloaded. */
  taken: number
}

type Row = RecipientVisits & { linkId: string }

/** Sums up the latest events of links of the owner's share, by the ids of the links. */
export async function recipientVisits(
  owner: OwnerId,
  shareId: string,
  linkIds: string[],
): Promise<Map<string, RecipientVisits>> {
  if (linkIds.length === 0) return new Map()
  const rows = await db.$queryRaw<Row[]>`
    WITH recent AS MATERIALIZED (
      SELECT at, link_id, file_id, file_ids, kind, visitor FROM event
      WHERE share_id = (
        SELECT id FROM share WHERE id = ${shareIdOrRefuse(shareId)}::uuid AND owner_id = ${owner}::uuid)
      ORDER BY at DESC LIMIT ${EVENTS_READ}
    ),
    ofLinks AS MATERIALIZED (
      SELECT * FROM recent WHERE link_id = ANY(${linkIds}::uuid[]) AND ${rawSql(VISITS)}
    ),
    takes AS MATERIALIZED (
      SELECT link_id, at, file_id, file_ids FROM ofLinks WHERE kind IN ('claim', 'mint')
    ),
    present AS MATERIALIZED (
      SELECT file.id, greatest(ready_at, added_at) AS ready_at
      FROM share_file JOIN file ON file.id = file_id
      WHERE share_id = ${shareId}::uuid AND removed_at IS NULL AND deleted_at IS NULL
        AND status = 'ready' AND EXISTS (SELECT FROM takes)
    ),
    named AS (
      SELECT link_id, file_id FROM takes WHERE file_id IS NOT NULL
      UNION SELECT link_id, unnest(file_ids) FROM takes
    ),
    whole AS (
      SELECT link_id, max(at) AS at FROM takes
      WHERE file_id IS NULL AND file_ids IS NULL GROUP BY link_id
    ),
    taken AS (
      SELECT link_id, count(*) AS taken FROM (
        SELECT link_id, present.id FROM named JOIN present ON present.id = file_id
        UNION SELECT link_id, id FROM whole JOIN present ON ready_at <= at
      ) AS each GROUP BY link_id
    ),
    visited AS (
      SELECT link_id, count(DISTINCT visitor) AS visitors
      FROM ofLinks JOIN link ON link.id = link_id JOIN share ON share.id = share_id
      WHERE at >= date_trunc('day', statement_timestamp(), 'UTC')
        AND (kind <> 'view' OR NOT verify AND password_hash IS NULL)
      GROUP BY link_id
    )
    SELECT link.id AS "linkId", coalesce(visitors, 0)::int AS "visitorsToday",
      coalesce(taken, 0)::int AS taken, (
        SELECT agent FROM event
        WHERE event.share_id = link.share_id AND at = link.opened_at AND event.link_id = link.id
        LIMIT 1
      ) AS "openedWith"
    FROM link JOIN share ON share.id = link.share_id AND share.owner_id = ${owner}::uuid
      LEFT JOIN visited ON visited.link_id = link.id LEFT JOIN taken ON taken.link_id = link.id
    WHERE link.share_id = ${shareId}::uuid AND link.id = ANY(${linkIds}::uuid[])`
  return new Map(rows.map(({ linkId, ...visits }) => [linkId, visits]))
}
