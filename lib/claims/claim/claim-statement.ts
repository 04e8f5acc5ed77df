import "server-only"
import { isBelowLimit, isMintable, limitedClaimsOf, statusOf } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import {
  CONDITIONS,
  CREDENTIALS,
  conditionsOf,
  eventFiles,
  isUnchanged,
  LINK,
  SIGNABLE,
  SOURCE,
  TICKET_ALONE,
  UNLOCK,
  unlockHolds,
  VISIT,
  visitClaimed,
  wanted,
} from "../access/sql-fragments.ts"
import { reserveEvents } from "../event-cap.ts"
import { budgetWait, chargeUrls, URL_BUDGET } from "../mint/url-budget.ts"

/**
 * One claim: checks every condition, counts, writes the event and returns what a mint needs, in
 * one statement.
 *
 * A limited share's row is locked first: after the wait PostgreSQL reads its newest version, so
 * `downloads` is current. The shards are read as of the statement's start: a claim that is not yet
 * visible in one was sent before the limit was set and does not count against it.
 */
const text = (fileId?: string) => `
WITH found AS (
  SELECT l.id AS link_id, ${CONDITIONS}
  FROM ${LINK}
  WHERE l.public_id = :publicId
),
locked AS (
  SELECT ${CONDITIONS}
  FROM share s
  WHERE s.id = (SELECT share_id FROM found WHERE max_downloads IS NOT NULL)
  FOR NO KEY UPDATE
),
wanted AS (${wanted(fileId)}),
checked AS MATERIALIZED (
  SELECT c.*, ${statusOf("c", "c.total")} AS status,
    ${isMintable("c")}
      AND unlocked AND signable
      AND (direct OR NOT :directOnly) AND (:ticketAlone OR NOT view_only)
      AND CASE WHEN :fileIds IS NULL THEN ready > 0 ELSE ready = cardinality(:fileIds) END AS could,
    ${isBelowLimit("c", "c.total")} AS below,
    ${isBelowLimit("c", "c.total")} OR ${visitClaimed(":visitId", "c.link_id", "c.ticket_epoch")} AS served
  FROM (
    SELECT current.*, (SELECT link_id FROM found) AS link_id, ${limitedClaimsOf("current", "current.share_id")} AS total,
      (SELECT count(*) FROM wanted WHERE is_ready) AS ready,
      NOT has_password OR ${unlockHolds("(SELECT link_id FROM found)", "password_version")} AS unlocked,
      ${SIGNABLE} AS signable
    FROM (
      SELECT locked.*, true AS limited FROM locked
      UNION ALL
      SELECT ${conditionsOf("found")}, false FROM found WHERE found.max_downloads IS NULL
    ) AS current
    OFFSET 0 -- keeps the planner from computing the total once per use
  ) AS c
),
-- Charged before anything is counted, so that a refusal spends no claim. A visit that has its claim is
-- served, so it is charged, above the limit too.
charged AS (${chargeUrls("checked", "could AND served")}),
judged AS MATERIALIZED (
  SELECT checked.*, could AND NOT over_budget AS may FROM (
    SELECT checked.*, could AND served AND :chargedTo IS NOT NULL
      AND NOT EXISTS (SELECT FROM charged) AS over_budget
    FROM checked
  ) AS checked
),
-- The unique index sees a claim of this visit that was committed while this one waited; a snapshot read would not.
kept AS (
  INSERT INTO claim (link_id, visit_id, counted, at)
  SELECT link_id, :visitId || int4send(ticket_epoch), CASE WHEN below THEN :claimId END, statement_timestamp()
  FROM judged
  WHERE may AND limited AND :visitId IS NOT NULL
  ON CONFLICT (link_id, visit_id) DO UPDATE SET
    counted = CASE WHEN claim.at > excluded.at - make_interval(secs => :ticketSeconds)
      THEN COALESCE(claim.counted, excluded.counted) ELSE excluded.counted END,
    at = CASE WHEN claim.counted IS NOT NULL AND claim.at > excluded.at - make_interval(secs => :ticketSeconds)
      THEN claim.at ELSE excluded.at END
  RETURNING counted, at
),
-- A limited share's row is locked already. The first mint of an unlimited share locks its row once, so that
-- what closes it either sees the flag minted or is seen here. A ticket alone sets it too: a mint relies on it.
touched AS (
  UPDATE share s SET downloads = s.downloads + j.limited::int,
    minted = ${isUnchanged("s", "j")}
  FROM judged j
  WHERE s.id = j.share_id AND j.may AND CASE
    WHEN NOT j.limited THEN NOT j.minted AND NOT s.minted
    WHEN :visitId IS NULL THEN j.below
    ELSE (SELECT kept.counted FROM kept) = :claimId END
  RETURNING s.minted
),
verdict AS MATERIALIZED (
  SELECT j.*,
    CASE
      WHEN NOT may THEN NULL
      WHEN NOT limited THEN CASE WHEN COALESCE((SELECT minted FROM touched), true) THEN :claimId END
      WHEN :visitId IS NULL THEN CASE WHEN below THEN :claimId END
      ELSE (SELECT kept.counted FROM kept)
    END AS ticket_id,
    COALESCE((SELECT NOT minted FROM touched), false) AS changed,
    COALESCE((SELECT kept.at FROM kept), statement_timestamp()) AS claimed_at
  FROM judged j
),
spread AS (
  INSERT INTO share_counter (share_id, shard, downloads)
  SELECT share_id, :shard, 1 FROM verdict WHERE NOT limited AND ticket_id = :claimId
  ON CONFLICT (share_id, shard) DO UPDATE SET downloads = share_counter.downloads + 1
),
reserved AS (${reserveEvents(
  "refused",
  `(SELECT link_id, 1 AS asked FROM verdict WHERE ticket_id IS NULL AND NOT changed
    AND NOT over_budget AND (direct OR NOT :directOnly)) AS refused`,
)}),
logged AS (
  INSERT INTO event (id, at, share_id, link_id, file_id, file_ids, kind, agent, referrer, visitor)
  SELECT :eventId, statement_timestamp(), share_id, link_id,
    CASE WHEN cardinality(:fileIds) = 1 THEN (SELECT file_id FROM wanted) END,
    CASE WHEN ticket_id IS NOT NULL THEN ${eventFiles("verdict")} END,
    CASE WHEN ticket_id IS NULL THEN 'refused' WHEN ticket_id = :claimId THEN 'claim' ELSE 'mint' END::event_kind,
    :agent, :referrer, :visitor
  FROM verdict
  WHERE NOT changed AND NOT over_budget AND (direct OR NOT :directOnly)
    AND CASE WHEN ticket_id IS NULL THEN EXISTS (SELECT FROM reserved)
      ELSE ticket_id = :claimId OR NOT view_only END
)
SELECT statement_timestamp() AS now, v.share_id, v.link_id, v.status, v.ticket_id, v.ticket_id = :claimId AS newly,
  v.changed, v.limited, v.claimed_at, v.over_budget,
  CASE WHEN v.over_budget THEN ${budgetWait("v.link_id")} END AS budget_wait, v.unlocked, v.signable, v.direct, v.view_only, v.password_version, v.ticket_epoch,
  v.expires_at, v.starts_at, v.mint_ttl_seconds, v.max_ttl_seconds,
  w.file_id, w.name, w.path, w.sha256, w.sha256_verified, w.content_type, w.size, w.file_status, w.deleted, w.key, w.colour, w.position
FROM verdict v LEFT JOIN wanted w ON true`

const PARAMETERS = {
  publicId: "bytea",
  /** Null: all. */
  fileIds: "uuid[] | null",
  ...VISIT,
  /** Becomes the ticket's id if this call counts. */
  claimId: "uuid",
  shard: "smallint",
  ...UNLOCK,
  /** Whether the share must be a direct link. */
  directOnly: "boolean",
  ...TICKET_ALONE,
  ...CREDENTIALS,
  ...URL_BUDGET,
  /** Of the event that is written. */
  eventId: "uuid",
  ...SOURCE,
} as const

export const claimSome = statement("claim_some", PARAMETERS, text("= ANY(:fileIds)"))
export const claimAll = statement("claim_all", PARAMETERS, text())
