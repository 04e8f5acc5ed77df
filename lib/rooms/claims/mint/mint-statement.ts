import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { countInWindow, secondsLeft } from "#lib/adapters/throttle/count-in-window.ts"
import { CREDENTIALS, type Verb } from "../access/access.ts"
import { EVENT, onlyFile, someFiles } from "../access/event-columns.ts"
import { judgeRows, WANTS } from "../access/judge-rows.ts"
import { TICKET } from "../access/proofs.ts"
import { chargeUrls, URL_BUDGET, URL_WINDOW, urlWait } from "../access/url-budget.ts"

/** The maximum number of mints for a ticket in a window, because egress costs money. */
const MINTS_PER_WINDOW = 600

/** The input of a ticket holder's mint: all files, or those in WANTS. */
export const MINT = {
  publicId: "bytea[]",
  every: "boolean[]",
  /** A download, or a ticket. */
  takes: "text[]",
  ticketId: "text[]",
  ...TICKET,
  ...URL_BUDGET,
  ...EVENT,
} as const

const verb: Verb = { asked: MINT, proofs: ["ticket"], files: "many" }

/**
 * Mints for visitors with tickets: checks all conditions but the limit again, counts the attempts
 * of each ticket, writes the events, and returns a row for each granted file, and one for each
 * refused mint. Locks nothing, because the claim that gave the ticket set the flag `minted`. A
 * view-only share gets no URL, and so no event that would record one.
 */
export const insertMints = statement(
  "mint",
  { ...MINT, ...WANTS, ...CREDENTIALS },
  `
WITH ${judgeRows(verb)},
tries AS (
  ${countInWindow(`SELECT 'mint', ticket_id, '', count(*), ${URL_WINDOW}
  FROM judged WHERE holds AND refusal IS NULL GROUP BY ticket_id ORDER BY ticket_id`)}
  RETURNING subject AS ticket_id, attempts, window_end_at
),
-- The first of this statement's tries that are within the limit of their ticket.
tried AS MATERIALIZED (
  SELECT place, attempts - count(*) OVER (PARTITION BY ticket_id)
      + row_number() OVER (PARTITION BY ticket_id ORDER BY place) > ${MINTS_PER_WINDOW} AS too_many,
    ${secondsLeft("window_end_at")} AS retry_after
  FROM judged JOIN tries USING (ticket_id) WHERE holds AND refusal IS NULL
),
${chargeUrls("place IN (SELECT place FROM tried WHERE NOT too_many)")},
granted AS MATERIALIZED (
  SELECT p.*, CASE WHEN too_many THEN 'tries' ELSE answer END AS why, retry_after
  FROM payable p LEFT JOIN tried USING (place)
  WHERE holds
),
logged AS (
  INSERT INTO event (id, at, share_id, link_id, file_id, file_ids, kind, agent, referrer, visitor)
  SELECT event_id, statement_timestamp(), share_id, link_id,
    ${onlyFile}, ${someFiles("granted")},
    'mint', agent, referrer, visitor
  FROM granted WHERE why IS NULL AND NOT view_only
)
SELECT granted.place::int, why AS refusal, statement_timestamp() AS now, view_only,
  CASE why WHEN 'tries' THEN retry_after
    WHEN 'urls' THEN ${urlWait("'claim_urls'", "granted", "charged_to")} END AS retry_after,
  expires_at, mint_ttl_seconds, max_ttl_seconds,
  w.file_id, w.name, w.path, w.sha256, w.sha256_verified, w.content_type, w.size, w.key, w.colour, w.position
FROM granted LEFT JOIN wanted w ON w.place = granted.place AND why IS NULL AND w.file_refusal IS NULL`,
)
