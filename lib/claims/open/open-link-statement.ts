import "server-only"
import { BRANDING } from "#lib/policies/read-branding.ts"
import { isAllowed } from "#lib/policies/read-policies.ts"
import { limitedClaimsOf, statusOf } from "#lib/shares/share-sql.ts"
import { ROWS_PER_PAGE } from "#lib/shares/shared-files.ts"
import { statement } from "#lib/statement.ts"
import {
  CONDITIONS,
  columnOf,
  LINK,
  sharedFiles,
  TICKET_ARRAYS,
  TICKET_COLUMNS,
  TICKETS,
  ticketHolds,
  UNLOCK_ARRAYS,
  UNLOCK_COLUMNS,
  UNLOCKS,
  unlockHolds,
  visitClaimed,
} from "../access/sql-fragments.ts"
import { reserveEvents } from "../event-cap.ts"

const asked = columnOf("a")

/**
 * Opens as many pages as stand in the arrays: returns a row with its place for each link that is
 * known, counts a view where `kinds` says what it counts as and the page opens, and writes the
 * events: every one of a person, and of machines the first ones of a link in a minute. Counters are
 * raised in the order of the shares, so that no two statements wait for each other in a circle. Files
 * come as arrays of id, name, path, size, content type, status, SHA-256 and whether the store
 * verified it,
 * and whether it has a thumbnail; they are null where there are more than a page shows. The branding and the policies are read by the same statement, once
 * for all of its pages.
 */
export const openLinks = statement(
  "open_links",
  {
    publicIds: "bytea[]",
    /** 'view', 'bot_view', or null: not counted. */
    kinds: "text[]",
    agents: "text[]",
    referrers: "text[]",
    visitors: "bytea[]",
    visitIds: "bytea[]",
    ...TICKET_ARRAYS,
    ...UNLOCK_ARRAYS,
    ticketSeconds: "int",
    shard: "smallint",
  },
  `
WITH asked AS (
  -- Hidden from the planner, the lengths cannot talk it out of the plan it made once.
  SELECT * FROM unnest((SELECT :publicIds), (SELECT :kinds), (SELECT :agents), (SELECT :referrers),
    (SELECT :visitors), (SELECT :visitIds), ${TICKETS}, ${UNLOCKS})
    WITH ORDINALITY AS a (public_id, kind, agent, referrer, visitor, "visitId", ${TICKET_COLUMNS},
      ${UNLOCK_COLUMNS}, place)
),
found AS (
  SELECT a.place, a.kind, a.agent, a.referrer, a.visitor, link.*
  FROM asked a CROSS JOIN LATERAL (
    SELECT l.id AS link_id, ${CONDITIONS}, s.watermark, l.recipient, s.title, s.message, s.created_at, s.revoked_by_admin, m.name AS sender,
      ${ticketHolds(asked)} AS holds, ${visitClaimed(asked("visitId"))} AS claimed,
      s.password_hash IS NULL OR ${unlockHolds("l.id", "s.password_version", asked)} AS unlocks
    FROM ${LINK}
      CROSS JOIN LATERAL (SELECT name FROM member WHERE member.id = s.owner_id OFFSET 0) AS m
    WHERE l.public_id = a.public_id
    OFFSET 0 -- each page looks up its own rows, whatever the planner thinks of the tables' sizes
  ) AS link
),
judged AS MATERIALIZED (
  SELECT counted.*, ${statusOf("counted", "counted.total")} AS status, unlocks OR holds AS unlocked
  FROM (SELECT found.*, ${limitedClaimsOf("found", "found.share_id")} AS total FROM found OFFSET 0) AS counted
),
page AS MATERIALIZED (
  SELECT judged.*, status IN ('open', 'scheduled') OR status = 'used_up' AND (holds OR claimed) AS opens
  FROM judged
),
spread AS (
  INSERT INTO share_counter (share_id, shard, views, bot_views)
  SELECT share_id, :shard, count(*) FILTER (WHERE kind = 'view'), count(*) FILTER (WHERE kind = 'bot_view')
  FROM page WHERE opens AND kind IS NOT NULL GROUP BY share_id ORDER BY share_id
  ON CONFLICT (share_id, shard) DO UPDATE SET
    views = share_counter.views + excluded.views, bot_views = share_counter.bot_views + excluded.bot_views
),
machines AS (
  SELECT link_id, count(*)::int AS asked FROM page WHERE opens AND kind = 'bot_view' GROUP BY link_id
),
reserved AS (${reserveEvents("bot_view", "machines")}),
logged AS (
  INSERT INTO event (at, share_id, link_id, kind, agent, referrer, visitor)
  SELECT statement_timestamp(), share_id, link_id, kind::event_kind, agent, referrer, visitor
  FROM (
    SELECT page.*, row_number() OVER (PARTITION BY link_id, kind ORDER BY place) AS nth
    FROM page WHERE opens AND kind IS NOT NULL
  ) AS each
  WHERE kind = 'view' OR nth <= (
    SELECT asked - beyond FROM machines JOIN reserved USING (link_id) WHERE link_id = each.link_id)
)
SELECT place::int, statement_timestamp() AS now, share_id, status, opens, sender, title, message, created_at,
  starts_at, expires_at, revoked_at, revoked_by_admin, holds, claimed, unlocked, max_downloads - total AS downloads_left,
  preview AND ${isAllowed("previews")} AS preview, view_only, watermark, recipient, max_downloads IS NOT NULL AND NOT holds AS needs_claim,
  ${BRANDING} AS branding,
  CASE WHEN opens AND unlocked AND (starts_at IS NULL OR starts_at <= statement_timestamp()) THEN (
    SELECT CASE WHEN count(*) <= ${ROWS_PER_PAGE} THEN coalesce(json_agg(json_build_array(
      f.id, f.name, f.path, f.size, f.content_type, f.status, f.sha256, f.sha256_verified, f.thumbnail_key IS NOT NULL)
      ORDER BY sf.position) FILTER (WHERE f.deleted_at IS NULL OR f.status = 'abandoned'), '[]') END
    FROM (SELECT) AS one ${sharedFiles("page.share_id", undefined, ROWS_PER_PAGE + 1)}
  ) END AS files
FROM page`,
)
