import "server-only"
import { isAllowed } from "#lib/policies/read-policies.ts"
import { isMintable, limitedClaimsOf, statusOf } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import {
  CONDITIONS,
  CREDENTIALS,
  hasClaim,
  isUnchanged,
  LINK,
  SIGNABLE,
  SOURCE,
  TICKET,
  ticketHolds,
  UNLOCK,
  unlockHolds,
  VISIT,
  wanted,
  wantedThumbnail,
} from "../access/sql-fragments.ts"
import { canBeShown } from "./preview-kind-sql.ts"

/**
 * URLs to look at files that one address gets of one link in ten minutes: enough for a room of
 * people behind one address, who leaf through pictures.
 */
export const PREVIEWS_PER_WINDOW = 3_000
/** The same for thumbnails, of which a page asks for every one that it shows. */
const THUMBNAILS_PER_WINDOW = 30_000
const WINDOW = "interval '10 minutes'"

const COMMON = {
  publicId: "bytea",
  fileId: "uuid",
  ...TICKET,
  ...UNLOCK,
  ...CREDENTIALS,
  /** The prefix of the client's address. */
  address: "text",
  /** Of the event that is written. */
  eventId: "uuid",
  ...SOURCE,
} as const

type Looking = {
  /** Of the event. */
  kind: "preview" | "thumbnail"
  /** Of the rows that count what an address gets, and how many. */
  purpose: string
  perWindow: number
  /** Selects the file. */
  wanted: string
  /** Over a row of it: whether it can be looked at. */
  canBeShown: string
  /** More statements of the same query, with a comma after each. */
  counting: string
}

/**
 * A look at one file: checks every condition, slows an address down that asks for very many, and
 * writes an event for each, in one statement.
 */
const text = ({ kind, purpose, perWindow, wanted, canBeShown, counting }: Looking) => `
WITH found AS (
  SELECT l.id AS link_id, ${CONDITIONS}, ${ticketHolds()} AS holds, ${unlockHolds()} AS unlocks
  FROM ${LINK}
  WHERE l.public_id = :publicId
),
wanted AS (${wanted}),
checked AS MATERIALIZED (
  SELECT c.*, status = 'open' AND ${isMintable("c")} AND unlocked AND shows AND has_claim AND signable
    AND EXISTS (SELECT FROM wanted WHERE is_ready AND ${canBeShown}) AS could
  FROM (
    SELECT counted.*, ${statusOf("counted", "counted.total")} AS status,
      preview AND ${isAllowed("previews")} AS shows,
      NOT has_password OR unlocks OR holds AS unlocked, ${hasClaim("counted")} AS has_claim,
      ${SIGNABLE} AS signable
    FROM (
      SELECT found.*, CASE WHEN NOT holds THEN ${limitedClaimsOf("found", "found.share_id")} END AS total
      FROM found OFFSET 0 -- keeps the planner from computing the total once per use
    ) AS counted
  ) AS c
),
-- The first mint of a share locks its row once, so that what closes it sees the flag or is seen here.
touched AS (
  UPDATE share s SET minted = ${isUnchanged("s", "c")}
  FROM checked c
  WHERE s.id = c.share_id AND c.could AND NOT c.minted AND NOT s.minted
  RETURNING s.minted
),
judged AS MATERIALIZED (
  SELECT checked.*, COALESCE((SELECT NOT minted FROM touched), false) AS changed FROM checked
),
charged AS (
  INSERT INTO attempt AS a (purpose, subject, address, attempts, window_end_at)
  SELECT '${purpose}', link_id::text, :address, 1, statement_timestamp() + ${WINDOW}
  FROM judged WHERE could AND NOT changed
  ON CONFLICT (purpose, subject, address) DO UPDATE SET
    attempts = CASE WHEN a.window_end_at > statement_timestamp() THEN a.attempts ELSE 0 END + 1,
    window_end_at = CASE WHEN a.window_end_at > statement_timestamp()
      THEN a.window_end_at ELSE excluded.window_end_at END
  WHERE a.window_end_at <= statement_timestamp() OR a.attempts < ${perWindow}
  RETURNING attempts
),
verdict AS MATERIALIZED (
  SELECT judged.*, EXISTS (SELECT FROM charged) AS granted,
    could AND NOT changed AND NOT EXISTS (SELECT FROM charged) AS too_many
  FROM judged
),
${counting}logged AS (
  INSERT INTO event (id, at, share_id, link_id, file_id, kind, agent, referrer, visitor)
  SELECT :eventId, statement_timestamp(), share_id, link_id, :fileId, '${kind}', :agent, :referrer, :visitor
  FROM verdict WHERE granted
)
SELECT statement_timestamp() AS now, v.share_id, v.status, v.unlocked, v.shows AS preview, v.has_claim, v.signable, v.granted,
  v.changed, v.too_many, CASE WHEN v.too_many THEN COALESCE((
    SELECT greatest(1, ceil(extract(epoch FROM a.window_end_at - statement_timestamp())))::int
    FROM attempt a WHERE a.purpose = '${purpose}' AND a.subject = v.link_id::text
      AND a.address = :address), 600) END AS retry_after,
  v.expires_at, v.starts_at, v.mint_ttl_seconds, v.max_ttl_seconds, v.view_only,
  w.file_id, w.name, w.content_type, w.size, w.file_status, w.deleted, w.key, w.colour, w.position
FROM verdict v LEFT JOIN wanted w ON true`

const COUNTING = `-- One row per visit and file, as long as a ticket lasts. Without a cookie each is the first.
looked AS (
  INSERT INTO attempt AS a (purpose, subject, address, attempts, window_end_at)
  SELECT 'previewed', link_id::text || ' ' || encode(:visitId, 'hex'), :fileId::text, 1,
    statement_timestamp() + make_interval(secs => :ticketSeconds)
  FROM verdict WHERE granted AND :visitId IS NOT NULL
  ON CONFLICT (purpose, subject, address) DO UPDATE SET
    attempts = CASE WHEN a.window_end_at > statement_timestamp() THEN 2 ELSE 1 END,
    window_end_at = CASE WHEN a.window_end_at > statement_timestamp()
      THEN a.window_end_at ELSE excluded.window_end_at END
  RETURNING attempts
),
spread AS (
  INSERT INTO share_counter (share_id, shard, previews)
  SELECT share_id, :shard, 1 FROM verdict
  WHERE granted AND COALESCE((SELECT attempts FROM looked), 1) = 1
  ON CONFLICT (share_id, shard) DO UPDATE SET previews = share_counter.previews + 1
),
`

/** A preview of one file. Counts the first one of a visit and file. */
export const insertPreview = statement(
  "preview",
  { ...COMMON, ...VISIT, shard: "smallint" },
  text({
    kind: "preview",
    purpose: "preview_urls",
    perWindow: PREVIEWS_PER_WINDOW,
    wanted: wanted("= :fileId"),
    canBeShown: canBeShown("wanted"),
    counting: COUNTING,
  }),
)

/** A look at the thumbnail of one file, which is not counted. */
export const insertThumbnail = statement(
  "thumbnail",
  COMMON,
  text({
    kind: "thumbnail",
    purpose: "thumbnail_urls",
    perWindow: THUMBNAILS_PER_WINDOW,
    wanted: wantedThumbnail("= :fileId"),
    canBeShown: "true",
    counting: "",
  }),
)
