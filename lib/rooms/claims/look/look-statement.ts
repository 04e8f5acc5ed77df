import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { countInWindow } from "#lib/adapters/throttle/count-in-window.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { CREDENTIALS, type Verb } from "../access/access.ts"
import { EVENT } from "../access/event-columns.ts"
import { judgeRowsUnderLock } from "../access/judge-rows.ts"
import { TICKET, UNLOCK } from "../access/proofs.ts"
import { URL_WINDOW, urlWait } from "../access/url-budget.ts"

/** Preview URLs of a link for one address in ten minutes: enough for many people behind it. */
export const PREVIEWS_PER_WINDOW = 3_000
/** How many thumbnail URLs an address gets for a link in ten minutes; pages show many. */
const THUMBNAILS_PER_WINDOW = 30_000

export const LOOK = {
  publicId: "bytea[]",
  fileId: "uuid[]",
  /** A preview, a thumbnail, or the description that answers a HEAD. */
  takes: "text[]",
  /** Whether a URL is requested. Otherwise the answer is only whether there is one. */
  mints: "boolean[]",
  /** The visit by which previews are counted. If it is null, each preview counts as the first. */
  visitId: "bytea[]",
  /** The prefix of the client's address; null if nothing is minted. */
  address: "text[]",
  ...TICKET,
  ...UNLOCK,
  ...EVENT,
} as const

const verb: Verb = { asked: LOOK, proofs: ["ticket", "unlock"], files: "one" }

const purpose = "CASE takes WHEN 'preview' THEN 'preview_urls' ELSE 'thumbnail_urls' END"

/**
 * Checks every condition of requests to view files, slows down an address that makes very many,
 * counts the first preview of a file in a visit, writes an event for each URL, and returns a row
 * for each request whose link is known. The first mint of a share locks its row, so that a change
 * that closes the share either comes first or sees the flag `minted`. A row that mints nothing
 * writes nothing.
 */
export const insertLooks = statement(
  "look",
  { ...LOOK, ...CREDENTIALS, shard: "smallint" },
  `
WITH ${judgeRowsUnderLock(verb, {
    waiting: "",
    locks: (row) => `${row}.mints AND NOT ${row}.minted`,
  })},
charged AS (
  ${countInWindow(
    `SELECT ${purpose}, link_id::text, address, count(*), ${URL_WINDOW}
  FROM judged WHERE mints AND refusal IS NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    `a.attempts + excluded.attempts <=
    CASE a.purpose WHEN 'preview_urls' THEN ${PREVIEWS_PER_WINDOW} ELSE ${THUMBNAILS_PER_WINDOW} END`,
  )}
  RETURNING purpose, subject, address
),
answered AS MATERIALIZED (
  SELECT j.*, coalesce(refusal, CASE WHEN mints AND NOT EXISTS (SELECT FROM charged c
      WHERE c.purpose = ${purpose} AND c.subject = j.link_id::text AND c.address = j.address)
    THEN 'urls' END) AS why
  FROM judged j
),
granted AS MATERIALIZED (
  SELECT answered.*, row_number() OVER (PARTITION BY link_id, visit_id, file_id ORDER BY place) AS nth
  FROM answered WHERE mints AND why IS NULL
),
touched AS (
  UPDATE share s SET minted = true
  WHERE s.id = ANY (ARRAY(SELECT share_id FROM granted WHERE NOT minted))
),
-- One row per visit and file; it is kept as long as a ticket lasts.
looked AS (
  ${countInWindow(`SELECT 'previewed', link_id::text || ' ' || encode(visit_id, 'hex'), file_id::text, 1,
    statement_timestamp() + make_interval(secs => ${TICKET_SECONDS})
  FROM granted WHERE takes = 'preview' AND visit_id IS NOT NULL AND nth = 1 ORDER BY 2, 3`)}
  RETURNING subject, address, attempts
),
repeats AS MATERIALIZED (
  SELECT granted.*,
    takes = 'preview' AND visit_id IS NOT NULL AND (nth > 1 OR looked.attempts > 1) AS again
  FROM granted LEFT JOIN looked ON looked.address = file_id::text
    AND looked.subject = link_id::text || ' ' || encode(visit_id, 'hex')
),
spread AS (
  INSERT INTO share_counter (share_id, shard, previews)
  SELECT share_id, :shard, count(*) FROM repeats WHERE takes = 'preview' AND NOT again
  GROUP BY share_id ORDER BY share_id
  ON CONFLICT (share_id, shard) DO UPDATE SET previews = share_counter.previews + excluded.previews
),
logged AS (
  INSERT INTO event (id, at, share_id, link_id, file_id, kind, again, agent, referrer, visitor)
  SELECT event_id, statement_timestamp(), share_id, link_id, file_id, takes::event_kind, again,
    agent, referrer, visitor
  FROM repeats
)
SELECT place::int, why AS refusal, statement_timestamp() AS now, expires_at, mint_ttl_seconds, max_ttl_seconds,
  file_id, name, content_type, size, key, colour, view_only,
  CASE WHEN why = 'urls' THEN ${urlWait(purpose, "answered", "address")} END AS retry_after
FROM answered`,
)
