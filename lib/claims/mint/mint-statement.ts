import "server-only"
import { isMintable, statusOf } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import {
  CONDITIONS,
  CREDENTIALS,
  eventFiles,
  LINK,
  SIGNABLE,
  SOURCE,
  TICKET,
  TICKET_ALONE,
  ticketHolds,
  wanted,
} from "../access/sql-fragments.ts"
import { budgetWait, chargeUrls, URL_BUDGET } from "./url-budget.ts"

/** Mints per ticket and window: egress costs money. */
export const MINTS_PER_WINDOW = 600
export const MINT_WINDOW = "interval '10 minutes'"

/**
 * A mint for the holder of a ticket: checks all conditions but the limit again, and counts nothing.
 * Of a view-only share no URL is minted, so that no event says so.
 */
const text = (fileId?: string) => `
WITH found AS (
  SELECT l.id AS link_id, ${CONDITIONS}, ${ticketHolds()} AS holds
  FROM ${LINK}
  WHERE l.public_id = :publicId
),
wanted AS (${wanted(fileId)}),
tries AS (
  INSERT INTO attempt (purpose, subject, address, attempts, window_end_at)
  SELECT 'mint', :ticketId, '', 1, statement_timestamp() + ${MINT_WINDOW} FROM found WHERE holds
  ON CONFLICT (purpose, subject, address) DO UPDATE SET
    attempts = CASE WHEN attempt.window_end_at > statement_timestamp() THEN attempt.attempts + 1 ELSE 1 END,
    window_end_at = CASE WHEN attempt.window_end_at > statement_timestamp()
      THEN attempt.window_end_at ELSE excluded.window_end_at END
  RETURNING attempts, window_end_at
),
judged AS MATERIALIZED (
  SELECT checked.*, holds AND ${isMintable("checked")} AND signable AND NOT too_many
    AND (:ticketAlone OR NOT view_only)
    AND CASE WHEN :fileIds IS NULL THEN ready > 0 ELSE ready = cardinality(:fileIds) END AS may
  FROM (
    SELECT found.*, ${statusOf("found", "NULL::numeric")} AS status,
      tries.attempts > ${MINTS_PER_WINDOW} AS too_many,
      ceil(extract(epoch FROM tries.window_end_at - statement_timestamp()))::int AS retry_after,
      ${SIGNABLE} AS signable,
      (SELECT count(*) FROM wanted WHERE is_ready) AS ready
    FROM found LEFT JOIN tries ON true
  ) AS checked
),
charged AS (${chargeUrls("judged", "may")}),
verdict AS (
  SELECT judged.*, may AND NOT over_budget AS granted FROM (
    SELECT judged.*, may AND :chargedTo IS NOT NULL AND NOT EXISTS (SELECT FROM charged) AS over_budget
    FROM judged
  ) AS judged
),
logged AS (
  INSERT INTO event (id, at, share_id, link_id, file_id, file_ids, kind, agent, referrer, visitor)
  SELECT :eventId, statement_timestamp(), share_id, link_id,
    CASE WHEN cardinality(:fileIds) = 1 THEN (:fileIds)[1] END, ${eventFiles("verdict")},
    'mint', :agent, :referrer, :visitor
  FROM verdict WHERE granted AND NOT view_only
)
SELECT statement_timestamp() AS now, v.share_id, v.status, v.view_only, v.holds, v.granted, v.too_many, v.retry_after,
  v.over_budget, CASE WHEN v.over_budget THEN ${budgetWait("v.link_id")} END AS budget_wait, v.signable,
  v.expires_at, v.starts_at, v.mint_ttl_seconds, v.max_ttl_seconds,
  w.file_id, w.name, w.path, w.sha256, w.sha256_verified, w.content_type, w.size, w.file_status, w.deleted, w.key, w.colour, w.position
FROM verdict v LEFT JOIN wanted w ON true`

const PARAMETERS = {
  publicId: "bytea",
  /** Null: all. */
  fileIds: "uuid[] | null",
  ticketId: "text",
  ...TICKET,
  ...TICKET_ALONE,
  ...CREDENTIALS,
  ...URL_BUDGET,
  /** Of the event that is written. */
  eventId: "uuid",
  ...SOURCE,
} as const

export const mintSome = statement("mint_some", PARAMETERS, text("= ANY(:fileIds)"))
export const mintAll = statement("mint_all", PARAMETERS, text())
