import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import {
  CREDENTIALS,
  hasRoom,
  isDirect,
  isLimited,
  roomOf,
  roomOfLink,
  type Verb,
} from "../access/access.ts"
import { reserveEvents } from "../access/event-cap.ts"
import { EVENT, onlyFile, someFiles } from "../access/event-columns.ts"
import { judgeRowsUnderLock, linksFirst, mustLock, WANTS } from "../access/judge-rows.ts"
import { proofVersionOf, UNLOCK, visitClaimed } from "../access/proofs.ts"
import { chargeUrls, URL_BUDGET, urlWait } from "../access/url-budget.ts"

const COMMON = {
  publicId: "bytea[]",
  directOnly: "boolean[]",
  /** Null if the click does not belong to a visit. It then counts as a separate claim. */
  visitId: "bytea[]",
  /** Becomes the id of the ticket if the row is counted. */
  claimId: "uuid[]",
  ...UNLOCK,
  ...EVENT,
} as const

/** A claim of one file. */
export const CLICK = { ...COMMON, fileId: "uuid[]" } as const

/** A claim of many files: those in WANTS, or all. */
export const CLICK_ON_FILES = {
  ...COMMON,
  every: "boolean[]",
  /** A download, or a ticket. */
  takes: "text[]",
  ...URL_BUDGET,
} as const

const OTHERS = { ...CREDENTIALS, shard: "smallint" } as const

const ofOne: Verb = {
  asked: CLICK,
  takes: "download",
  files: "one",
  proofs: ["unlock", "visit"],
  directOnly: true,
}
const ofMany: Verb = {
  asked: CLICK_ON_FILES,
  files: "many",
  proofs: ["unlock", "visit"],
  directOnly: true,
}

/** The parts of the SQL that differ between claims of one file and of many. */
const ONE = {
  budget: "",
  rows: "judged",
  refusal: "refusal",
  // Without a limit a claim of one file is counted without a row of its visit.
  oncePerVisit: isLimited("j"),
  fileId: "CASE WHEN file_refusal IS DISTINCT FROM 'missing' THEN file_id END",
  // Null for all files of the share.
  fileIds: "NULL::uuid[]",
  logs: "true",
  columns: "file_id, name, content_type, size, key, colour FROM granted",
}
const MANY = {
  // The budget is checked before anything is counted, so that a refusal costs no claim.
  budget: `,
${chargeUrls(`${hasRoom({ asked: "judged", share: "judged" })} AND ${linksFirst("locked")}`)}`,
  rows: "payable",
  refusal: "answer",
  oncePerVisit: `(${isLimited("j")} OR visit_id IS NOT NULL)`,
  fileId: onlyFile,
  fileIds: someFiles("granted"),
  // Repeating a ticket without URLs writes no event.
  logs: "(ticket_id = claim_id OR NOT view_only)",
  columns: `view_only, CASE WHEN why = 'urls'
    THEN ${urlWait("'claim_urls'", "granted", "charged_to")} END AS budget_wait,
  w.file_id, w.name, w.path, w.sha256, w.sha256_verified, w.content_type, w.size, w.key, w.colour, w.position
FROM granted LEFT JOIN wanted w ON w.place = granted.place AND ticket_id IS NOT NULL AND w.file_refusal IS NULL`,
}

/**
 * Claims: checks every condition, counts, writes the events, and returns a row for each click whose
 * link is known, with a ticket or the reason for a refusal.
 *
 * Locks the rows of the share and the link where either has a limit or nothing was minted yet.
 * Under the locks `downloads` of both is current, and a change that closes the share or the link
 * either comes first or sees the flag `minted`. A recipient's claims are also counted in the row of
 * the link. The shards are read as of the statement's start: a claim that is not yet visible there
 * was sent before the limit was set and does not count against it.
 *
 * Limited claims are counted in the order of the rows until the limit of the share, or of their
 * link, is reached. A visit has only one claim of those, even if it requests twice, and only one of
 * many files at once without a limit: who downloads those repeats a request whose answer was lost.
 * A reached limit is not a refusal under the lock, because a claim of this visit may not be visible yet. The answer is `busy`, the caller
 * sends the request again, and then the snapshot shows whether the limit is reached.
 */
const text = (verb: Verb, of: typeof ONE, waiting: "" | "SKIP LOCKED") => `
WITH ${judgeRowsUnderLock(verb, {
  waiting,
  limit: false,
  locks: mustLock,
  recipients: true,
})}${of.budget},
once AS MATERIALIZED (
  SELECT c.*, place = min(place) OVER (
    PARTITION BY link_id, coalesce(visit, uuid_send(claim_id))) AS is_first
  FROM (
    SELECT place, share_id, link_id, claim_id, ${roomOf({ asked: "j", share: "j" })} AS room,
      ${roomOfLink("j")} AS room_of_link, visit_id || int4send(ticket_epoch) AS visit, ${visitClaimed("j", "j")} AS served
    FROM ${of.rows} j WHERE ${of.refusal} IS NULL AND ${of.oncePerVisit}
  ) AS c
),
-- Visits without a claim, as many as the limits have room for.
fitting AS MATERIALIZED (
  SELECT place FROM (
    SELECT place, room, row_number() OVER (PARTITION BY share_id ORDER BY place) AS rank
    FROM (
      SELECT once.*, row_number() OVER (PARTITION BY link_id ORDER BY place) AS rank_of_link
      FROM once WHERE is_first AND NOT served
    ) AS newcomers
    WHERE room_of_link IS NULL OR rank_of_link <= room_of_link
  ) AS newcomers
  WHERE room IS NULL OR rank <= room
),
-- The unique index detects a claim of the visit that is not in the snapshot.
kept AS (
  INSERT INTO claim (link_id, visit_id, counted, at)
  SELECT link_id, visit, CASE WHEN fitting.place IS NOT NULL THEN claim_id END, statement_timestamp()
  FROM once LEFT JOIN fitting USING (place)
  WHERE is_first AND visit IS NOT NULL AND (served OR fitting.place IS NOT NULL)
  ON CONFLICT (link_id, visit_id) DO UPDATE SET
    counted = CASE WHEN claim.at > excluded.at - make_interval(secs => ${TICKET_SECONDS})
      THEN COALESCE(claim.counted, excluded.counted) ELSE excluded.counted END,
    at = CASE WHEN claim.counted IS NOT NULL AND claim.at > excluded.at - make_interval(secs => ${TICKET_SECONDS})
      THEN claim.at ELSE excluded.at END
  RETURNING link_id, visit_id, counted, at
),
granted AS MATERIALIZED (
  SELECT j.*, coalesce(own.at, statement_timestamp()) AS claimed_at,
    CASE WHEN ${of.refusal} IS NULL THEN
      CASE WHEN own.place IS NULL THEN j.claim_id ELSE own.counted END END AS ticket_id,
    CASE WHEN ${of.refusal} IS NULL AND own.place IS NOT NULL AND own.counted IS NULL THEN 'busy'
      ELSE ${of.refusal} END AS why
  FROM ${of.rows} j LEFT JOIN (
    SELECT once.place, kept.at, CASE WHEN visit IS NOT NULL THEN kept.counted
      WHEN fitting.place IS NOT NULL THEN claim_id END AS counted
    FROM once LEFT JOIN fitting USING (place)
      LEFT JOIN kept ON kept.link_id = once.link_id AND kept.visit_id = once.visit
  ) AS own USING (place)
),
counted AS MATERIALIZED (
  SELECT share_id, link_id, open, ${isLimited("granted")} AS limited, minted, count(*)::int AS claims
  FROM granted WHERE ticket_id = claim_id
  GROUP BY 1, 2, 3, 4, 5
),
touched AS (
  UPDATE share s SET minted = true, downloads = s.downloads + coalesce(
    (SELECT sum(claims) FROM counted WHERE counted.share_id = s.id AND limited), 0)
  WHERE s.id = ANY (ARRAY(SELECT share_id FROM counted WHERE limited OR NOT minted))
),
taken AS (
  UPDATE link l SET opened_at = coalesce(l.opened_at, statement_timestamp()),
    downloads = l.downloads + claims
  FROM counted WHERE l.id = counted.link_id AND NOT counted.open
),
-- In the order of the shares, so that no two statements deadlock.
spread AS (
  INSERT INTO share_counter (share_id, shard, downloads)
  SELECT share_id, :shard, sum(claims) FROM counted WHERE NOT limited AND ${linksFirst("locked")} GROUP BY share_id ORDER BY share_id
  ON CONFLICT (share_id, shard) DO UPDATE SET downloads = share_counter.downloads + excluded.downloads
),
refused AS MATERIALIZED (
  SELECT granted.*, row_number() OVER (PARTITION BY link_id ORDER BY place) AS nth
  FROM granted WHERE why <> ALL ('{busy,urls}') AND (${isDirect("granted")} OR NOT direct_only)
),
reserved AS (${reserveEvents(
  "refused",
  `(SELECT link_id, max(nth)::int AS asked FROM refused WHERE ${linksFirst("locked")} GROUP BY link_id) AS links`,
)}),
logged AS (
  INSERT INTO event (id, at, share_id, link_id, file_id, file_ids, kind, agent, referrer, visitor)
  SELECT event_id, statement_timestamp(), share_id, link_id, ${of.fileId}, ${of.fileIds},
    CASE WHEN ticket_id = claim_id THEN 'claim' ELSE 'mint' END::event_kind, agent, referrer, visitor
  FROM granted WHERE ticket_id IS NOT NULL AND ${of.logs}
  UNION ALL
  SELECT event_id, statement_timestamp(), share_id, link_id, ${of.fileId}, NULL,
    'refused', agent, referrer, visitor
  FROM refused JOIN (
    SELECT link_id, max(nth) - min(beyond) AS most FROM refused JOIN reserved USING (link_id) GROUP BY link_id
  ) AS links USING (link_id)
  WHERE nth <= most
)
SELECT granted.place::int, why AS refusal, ticket_id, ticket_id = claim_id AS newly, claimed_at,
  statement_timestamp() AS now, share_id, link_id,
  ${proofVersionOf("granted")} AS proof_version, ticket_epoch, expires_at,
  mint_ttl_seconds, max_ttl_seconds, ${of.columns}`

/** Claims of one file. It skips shares that are locked, so that other clicks do not wait. */
export const insertClaims = statement(
  "claim",
  { ...CLICK, ...OTHERS },
  text(ofOne, ONE, "SKIP LOCKED"),
)

/** Claims of one file, for clicks on one share. Waits for the share's row. */
export const insertClaimsOfOneShare = statement(
  "claim_waiting",
  { ...CLICK, ...OTHERS },
  text(ofOne, ONE, ""),
)

/** Claims of many files each. Waits for the rows of their shares. */
export const insertClaimsOfFiles = statement(
  "claim_files",
  { ...CLICK_ON_FILES, ...WANTS, ...OTHERS },
  text(ofMany, MANY, ""),
)
