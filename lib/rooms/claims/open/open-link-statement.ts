import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { reported } from "#lib/rooms/files/upload/reported-upload.ts"
import { BRANDING } from "#lib/rooms/settings/read-branding.ts"
import { ROWS_PER_PAGE } from "#lib/rooms/shares/list/shared-files.ts"
import { nameOf } from "#lib/rooms/shares/share-sql.ts"
import { needsClaim, roomOf, roomOfLink, showsPreviews, type Verb } from "../access/access.ts"
import { reserveEvents } from "../access/event-cap.ts"
import { sharedFiles } from "../access/file-joins.ts"
import { judgeRows, linksFirst } from "../access/judge-rows.ts"
import { TICKET, UNLOCK, visitClaimed } from "../access/proofs.ts"

export const OPENING = {
  publicId: "bytea[]",
  /** 'view' or 'bot_view'; null if the fetch is not counted. */
  kind: "text[]",
  agent: "text[]",
  referrer: "text[]",
  visitor: "bytea[]",
  visitId: "bytea[]",
  /** The delivery that a guest of a request continues; null without one. */
  deliveryId: "uuid[]",
  ...TICKET,
  ...UNLOCK,
} as const

const PAGE = {
  takes: "page",
  files: "none",
  more: {
    columns: `s.share_kind, s.watermark, l.recipient, l.address AS link_address, s.title, ${nameOf("s")} AS name, s.message, s.revoked_by_admin,
      m.name AS sender`,
    joins:
      "CROSS JOIN LATERAL (SELECT name FROM member WHERE member.id = s.owner_id OFFSET 0) AS m",
  },
} as const

const verb: Verb = { ...PAGE, asked: OPENING, proofs: ["ticket", "unlock", "visit"] }

/** An owner's share under other conditions, as JSON. A missing key keeps its saved value. */
const PREVIEWED = { ownerId: "uuid[]", id: "uuid[]", conditions: "text[]" } as const

const previewVerb: Verb = {
  ...PAGE,
  asked: PREVIEWED,
  link: {
    from: `jsonb_populate_record(NULL::link, '{"open": true, "proof_version": 0, "verify": false}') AS l, share
  CROSS JOIN LATERAL jsonb_populate_record(share, a.conditions::jsonb) AS s`,
    where: "share.id = a.id AND share.owner_id = a.owner_id AND share.share_kind = 'share'",
  },
  proofs: [],
}

// The content of each page. Files come as arrays of id, name, path, size, content type, status,
// SHA-256, whether the store verified it, whether there is a thumbnail, and how the upload is
// reported. They are null if the page shows none, or if there are more than a page shows; a page that
// is not open yet shows their number. The branding and the settings are read once for all pages.
const contentAnd = (more: string) => `
SELECT place::int, statement_timestamp() AS now, share_id, refusal, opens, sender, title, name, message,
  CASE WHEN refusal = 'verify' THEN link_address END AS address,
  starts_at, expires_at, coalesce(link_revoked_at, revoked_at) AS revoked_at,
  link_revoked_at IS NULL AND revoked_by_admin AS revoked_by_admin, holds, claimed, unlocked,
  least(${roomOf({ asked: "page", share: "page" })}, ${roomOfLink("page")}) AS downloads_left,
  ${showsPreviews("page")} AS preview, view_only, watermark, recipient, ${needsClaim("page", "holds")} AS needs_claim,
  ${BRANDING} AS branding,
  CASE WHEN (refusal IS NULL OR refusal = 'scheduled' AND unlocked) AND share_kind = 'share' THEN (
    SELECT CASE WHEN count(*) <= ${ROWS_PER_PAGE} THEN coalesce(json_agg(json_build_array(
      f.id, f.name, f.path, f.size, f.content_type, f.status, f.sha256, f.sha256_verified, f.thumbnail_key IS NOT NULL,
      ${reported("f")})
      ORDER BY sf.position) FILTER (WHERE f.deleted_at IS NULL OR f.status = 'abandoned'), '[]') END
    FROM (SELECT) AS one ${sharedFiles("page.share_id", ROWS_PER_PAGE + 1)}
  ) END AS files,
  ${more}
FROM page`

// What a request asks for, the name of the link's recipient, and whether this guest's delivery is done, which is null without one and
// if its sender was erased; null for a share, and for a request that is deleted, or closed for
// another reason than its one delivery.
const REQUEST = `CASE WHEN coalesce(refusal, 'used_up') = 'used_up' AND share_kind = 'request' THEN (
    SELECT json_build_object('maxFileBytes', r.max_file_bytes, 'types', r.types, 'fields', r.fields,
      'recipient', NULLIF(page.recipient, page.link_address),
      'done', (
        SELECT done_at IS NOT NULL FROM delivery
        WHERE id = page.delivery_id AND share_id = r.share_id AND erased_at IS NULL))
    FROM request r WHERE r.share_id = page.share_id AND r.deleted_at IS NULL
  ) END AS request`

/**
 * Opens pages: returns a row for each known link, counts a view if `kind` is set and the page
 * opens, and writes the events: every one of a person, and the first of machines for a link in a
 * minute. Counters are raised in the order of the shares, so that two statements never deadlock.
 */
export const openLinks = statement(
  "open_links",
  { ...OPENING, shard: "smallint" },
  `
WITH ${judgeRows(verb)},
page AS MATERIALIZED (
  SELECT judged.*, refusal IS NULL OR refusal IN ('scheduled', 'verify', 'locked') AS opens,
    ${visitClaimed("judged", "judged")} AS claimed
  FROM judged
),
recipients AS MATERIALIZED (
  SELECT l.id
  FROM (
    SELECT DISTINCT link_id FROM page WHERE opens AND kind = 'view' AND NOT open
    ORDER BY link_id OFFSET 0
  ) AS each
  CROSS JOIN LATERAL (SELECT id FROM link WHERE link.id = each.link_id OFFSET 0 FOR NO KEY UPDATE) AS l
),
seen AS (
  UPDATE link l SET views = l.views + page.views, opened_at = coalesce(l.opened_at, page.opened_at)
  FROM (
    SELECT link_id, count(*)::int AS views,
      CASE WHEN bool_or(refusal IS NULL) THEN statement_timestamp() END AS opened_at
    FROM page WHERE opens AND kind = 'view' AND NOT open GROUP BY link_id
  ) AS page
  WHERE l.id = page.link_id
),
spread AS (
  INSERT INTO share_counter (share_id, shard, views, bot_views)
  SELECT share_id, :shard, count(*) FILTER (WHERE kind = 'view'), count(*) FILTER (WHERE kind = 'bot_view')
  FROM page WHERE opens AND kind IS NOT NULL AND ${linksFirst("recipients")} GROUP BY share_id ORDER BY share_id
  ON CONFLICT (share_id, shard) DO UPDATE SET
    views = share_counter.views + excluded.views, bot_views = share_counter.bot_views + excluded.bot_views
),
machines AS (
  SELECT link_id, count(*)::int AS asked FROM page
  WHERE opens AND kind = 'bot_view' AND ${linksFirst("recipients")} GROUP BY link_id
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
${contentAnd(REQUEST)}`,
)

/** Returns the page of a share for a visitor without cookies, and writes nothing. */
export const previewLinks = statement(
  "preview_links",
  PREVIEWED,
  `
WITH ${judgeRows(previewVerb)},
page AS MATERIALIZED (SELECT judged.*, false AS opens, false AS claimed FROM judged)
${contentAnd("NULL AS request")}`,
)
