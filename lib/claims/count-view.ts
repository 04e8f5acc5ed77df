import "server-only"
import { metrics } from "#lib/metrics.ts"
import { ticketSeconds } from "#lib/settings.ts"
import { limitedClaimsOf, statusOf } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import {
  anyShard,
  CONDITIONS,
  SOURCE,
  TICKET,
  TICKET_HOLDS,
  ticketValues,
  VISIT,
  VISIT_CLAIMED,
} from "./sql-fragments.ts"
import type { VisitorCookies } from "./visitor-cookies.ts"
import type { VisitorSource } from "./visitor-source.ts"

/** What a fetch of the page counts as. */
export type ViewKind = "view" | "bot_view" | null

type View = {
  publicId: Uint8Array
  cookies: Pick<VisitorCookies, "ticket" | "visitId">
  kind: ViewKind
  source: VisitorSource | null
}

const view = statement(
  "view",
  {
    publicId: "bytea",
    ...TICKET,
    ...VISIT,
    kind: "text | null",
    shard: "smallint",
    ...SOURCE,
  },
  `
WITH found AS (
  SELECT l.id AS link_id, ${CONDITIONS}, ${TICKET_HOLDS} OR ${VISIT_CLAIMED} AS holds
  FROM link l JOIN share s ON s.id = l.share_id
  WHERE l.public_id = :publicId
),
judged AS (
  SELECT found.*, ${statusOf("found", limitedClaimsOf("found", "found.share_id"))} AS status FROM found
),
page AS (
  SELECT share_id, link_id, status IN ('open', 'scheduled') OR status = 'used_up' AND holds AS opens
  FROM judged
),
spread AS (
  INSERT INTO share_counter (share_id, shard, views, bot_views)
  SELECT share_id, :shard, (:kind = 'view')::int, (:kind = 'bot_view')::int
  FROM page WHERE opens AND :kind IS NOT NULL
  ON CONFLICT (share_id, shard) DO UPDATE SET
    views = share_counter.views + excluded.views, bot_views = share_counter.bot_views + excluded.bot_views
),
logged AS (
  INSERT INTO event (at, share_id, link_id, kind, agent, referrer, visitor)
  SELECT statement_timestamp(), share_id, link_id, :kind::event_kind, :agent, :referrer, :visitor
  FROM page WHERE opens AND :kind IS NOT NULL
)
SELECT opens FROM page`,
)

/** The status of a link's page, counting the fetch if it is one to count and the page opens. One statement. */
export async function countView({
  publicId,
  cookies,
  kind,
  source,
}: View): Promise<200 | 404 | 410> {
  const [page] = await view<{ opens: boolean }>({
    publicId,
    ...ticketValues(cookies.ticket),
    visitId: cookies.visitId,
    ticketSeconds: ticketSeconds(),
    kind,
    shard: anyShard(),
    agent: source?.agent ?? null,
    referrer: source?.referrer ?? null,
    visitor: source?.visitor ?? null,
  })
  if (!page) return 404
  if (!page.opens) return 410
  if (kind === "view") metrics().views.inc()
  if (kind === "bot_view") metrics().botViews.inc()
  return 200
}
