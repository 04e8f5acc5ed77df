import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import {
  claimsOf,
  requestVersionOf,
  statusOf,
  versionOf,
  viewersOf,
} from "#lib/rooms/shares/share-sql.ts"
import { VISITS } from "./charts/activity-statement.ts"
import type { LiveNumbers } from "./live.ts"
import { EVENTS_READ } from "./receipt.ts"

const readNumbers = statement(
  "live_numbers",
  { owner: "uuid", ids: "uuid[]", visitorsOf: "uuid | null", requests: "boolean", most: "int" },
  `
SELECT s.id, ${statusOf("s")} AS status, 
  CASE WHEN s.share_kind = 'request' THEN ${requestVersionOf("s")} ELSE ${versionOf("s")} END AS version,
  ${claimsOf("s")}::float8 AS downloads, ${viewersOf("s", claimsOf("s"))}::float8 AS viewers, counted.*,
  CASE WHEN s.id = (SELECT :visitorsOf) THEN (
    SELECT count(DISTINCT visitor) FILTER (WHERE ${VISITS}) FROM (
      SELECT visitor, kind FROM event WHERE event.share_id = s.id ORDER BY at DESC LIMIT :most
    ) AS recent
  )::float8 END AS visitors
FROM unnest((SELECT :ids)) AS asked (id)
  CROSS JOIN LATERAL (SELECT * FROM share WHERE share.id = asked.id OFFSET 0) AS s
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(views), 0)::float8 AS views, coalesce(sum(bot_views), 0)::float8 AS "botViews",
      coalesce(sum(previews), 0)::float8 AS previews
    FROM share_counter WHERE share_id = s.id
  ) AS counted
WHERE s.owner_id = :owner AND (:requests OR s.share_kind <> 'request')
ORDER BY s.id`,
)

type Asked = {
  ids: readonly string[]
  /** The share whose visitors are also counted, which requires reading its latest events. */
  visitorsOf?: string | undefined
  /** Whether requests are among them. */
  requests?: boolean
}

/** Returns the state of those shares and requests that belong to the owner, sorted by id. */
export function readLiveNumbers(
  owner: OwnerId,
  { ids, visitorsOf, requests = true }: Asked,
): Promise<LiveNumbers[]> {
  return readNumbers<LiveNumbers>({
    owner,
    ids: [...new Set(ids)],
    visitorsOf: visitorsOf ?? null,
    requests,
    most: EVENTS_READ,
  })
}
