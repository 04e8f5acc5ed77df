import "server-only"
import { isMintable, limitedClaimsOf } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import {
  CONDITIONS,
  CREDENTIALS,
  columnOf,
  filesOf,
  LINK,
  READY,
  SIGNABLE,
  UNLOCK_ARRAYS,
  UNLOCK_COLUMNS,
  UNLOCKS,
  unlockHolds,
  visitClaimed,
} from "../access/sql-fragments.ts"

/**
 * Claims of one file that need the row of their share, as many as the arrays hold: of a share with a
 * limit, or of one from which nothing was minted yet. Each share's row is locked once, in the order of
 * their ids, so that what closes a share either comes before or sees the flag `minted`. Claims of a
 * limited share are counted in the order of the arrays until the limit is reached. One visit is one
 * claim of it, also if the arrays hold it twice.
 *
 * Returns a row for each click on such a share: with a ticket where it was granted, `busy` where the
 * share's row was locked by another. It counts nothing for the others and never refuses: the full
 * statement decides them.
 *
 * After a wait for a row PostgreSQL reads its newest version, so `downloads` is current. The unique
 * index sees a claim of the visit that the snapshot does not.
 */
const text = (waiting: "" | "SKIP LOCKED") => `
WITH asked AS (
  -- The subselects hide the lengths from the planner, so that it keeps its generic plan.
  SELECT * FROM unnest((SELECT :publicIds), (SELECT :fileIds), (SELECT :directOnly), (SELECT :visitIds),
    (SELECT :claimIds), ${UNLOCKS}, (SELECT :agents), (SELECT :referrers), (SELECT :visitors), (SELECT :eventIds))
    WITH ORDINALITY AS a (public_id, file_id, direct_only, visit_id, claim_id, ${UNLOCK_COLUMNS},
      agent, referrer, visitor, event_id, place)
),
found AS MATERIALIZED (
  SELECT a.place, a.direct_only, a.visit_id, a.claim_id, ${UNLOCK_COLUMNS}, a.agent, a.referrer, a.visitor, a.event_id, named.*
  FROM asked a CROSS JOIN LATERAL (
    SELECT l.id AS link_id, s.id AS share_id, f.id AS file_id, f.name, f.content_type, f.size, o.key, o.colour
    FROM ${LINK} ${filesOf("s.id", "= a.file_id")}
    WHERE l.public_id = a.public_id AND ${READY}
      AND (s.max_downloads IS NOT NULL OR NOT s.minted)
    OFFSET 0 -- each click looks up its own rows
  ) AS named
),
locked AS MATERIALIZED (
  SELECT ${CONDITIONS}
  FROM (SELECT DISTINCT share_id FROM found ORDER BY share_id OFFSET 0) AS asked
  CROSS JOIN LATERAL (
    SELECT * FROM share WHERE share.id = asked.share_id OFFSET 0 FOR NO KEY UPDATE ${waiting}
  ) AS s
),
checked AS MATERIALIZED (
  SELECT c.*, max_downloads IS NOT NULL AS limited, max_downloads - total AS room
  FROM (
    SELECT locked.*, ${limitedClaimsOf("locked", "locked.share_id")} AS total FROM locked OFFSET 0
  ) AS c
  WHERE NOT view_only AND ${isMintable("c")} AND ${SIGNABLE}
),
clicks AS MATERIALIZED (
  SELECT c.*, place = min(place) OVER (
    PARTITION BY link_id, coalesce(visit, uuid_send(claim_id))) AS is_first
  FROM (
    SELECT f.*, c.limited, c.minted, c.room, c.password_version, c.ticket_epoch, c.expires_at, c.mint_ttl_seconds,
      c.max_ttl_seconds, CASE WHEN c.limited THEN f.visit_id || int4send(c.ticket_epoch) END AS visit,
      c.limited AND ${visitClaimed("f.visit_id", "f.link_id", "c.ticket_epoch")} AS served
    FROM found f JOIN checked c USING (share_id)
    WHERE (c.direct OR NOT f.direct_only)
      AND (NOT c.has_password OR ${unlockHolds("f.link_id", "c.password_version", columnOf("f"))})
  ) AS c
),
-- Of visits without a claim, as many as a limit has room for.
fitting AS MATERIALIZED (
  SELECT place FROM (
    SELECT place, room, row_number() OVER (PARTITION BY share_id ORDER BY place) AS rank
    FROM clicks WHERE is_first AND NOT served
  ) AS newcomers
  WHERE room IS NULL OR rank <= room
),
kept AS (
  INSERT INTO claim (link_id, visit_id, counted, at)
  SELECT link_id, visit, CASE WHEN fitting.place IS NOT NULL THEN claim_id END, statement_timestamp()
  FROM clicks LEFT JOIN fitting USING (place)
  WHERE is_first AND visit IS NOT NULL AND (served OR fitting.place IS NOT NULL)
  ON CONFLICT (link_id, visit_id) DO UPDATE SET
    counted = CASE WHEN claim.at > excluded.at - make_interval(secs => :ticketSeconds)
      THEN COALESCE(claim.counted, excluded.counted) ELSE excluded.counted END,
    at = CASE WHEN claim.counted IS NOT NULL AND claim.at > excluded.at - make_interval(secs => :ticketSeconds)
      THEN claim.at ELSE excluded.at END
  RETURNING link_id, visit_id, counted, at
),
granted AS MATERIALIZED (
  SELECT c.*, COALESCE(kept.at, statement_timestamp()) AS claimed_at,
    CASE WHEN c.visit IS NOT NULL THEN kept.counted WHEN fitting.place IS NOT NULL THEN c.claim_id END AS ticket_id
  FROM clicks c LEFT JOIN fitting USING (place)
  LEFT JOIN kept ON kept.link_id = c.link_id AND kept.visit_id = c.visit
),
counted AS MATERIALIZED (
  SELECT share_id, limited, count(*)::int AS claims
  FROM granted WHERE ticket_id = claim_id
  GROUP BY share_id, limited
),
touched AS (
  UPDATE share s SET minted = true,
    downloads = s.downloads + (SELECT sum(claims) FROM counted WHERE counted.share_id = s.id AND limited)
  WHERE s.id = ANY (ARRAY(SELECT share_id FROM counted WHERE limited))
),
marked AS (
  UPDATE share s SET minted = true
  WHERE s.id = ANY (ARRAY(SELECT share_id FROM counted JOIN checked USING (share_id)
    WHERE NOT checked.limited AND NOT minted))
),
spread AS (
  INSERT INTO share_counter (share_id, shard, downloads)
  SELECT share_id, :shard, claims FROM counted WHERE NOT limited ORDER BY share_id
  ON CONFLICT (share_id, shard) DO UPDATE SET downloads = share_counter.downloads + excluded.downloads
),
logged AS (
  INSERT INTO event (id, at, share_id, link_id, file_id, kind, agent, referrer, visitor)
  SELECT event_id, statement_timestamp(), share_id, link_id, file_id,
    CASE WHEN ticket_id = claim_id THEN 'claim' ELSE 'mint' END::event_kind, agent, referrer, visitor
  FROM granted WHERE ticket_id IS NOT NULL
)
SELECT f.place::int, locked.share_id IS NULL AS busy, g.ticket_id, g.ticket_id = f.claim_id AS newly, g.limited, g.claimed_at,
  statement_timestamp() AS now, f.share_id, f.link_id, g.password_version, g.ticket_epoch, g.expires_at, g.mint_ttl_seconds,
  g.max_ttl_seconds, f.file_id, f.name, f.content_type, f.size, f.key, f.colour
FROM found f LEFT JOIN locked USING (share_id) LEFT JOIN granted g USING (place)`

const PARAMETERS = {
  publicIds: "bytea[]",
  fileIds: "uuid[]",
  /** Whether the share must be a direct link. */
  directOnly: "boolean[]",
  /** Null: a claim of its own. */
  visitIds: "bytea[]",
  /** Become the ids of the tickets of new claims. */
  claimIds: "uuid[]",
  ...UNLOCK_ARRAYS,
  agents: "text[]",
  referrers: "text[]",
  visitors: "bytea[]",
  /** Of the events that are written. */
  eventIds: "uuid[]",
  ticketSeconds: "int",
  shard: "smallint",
  ...CREDENTIALS,
} as const

/** Leaves out shares whose row another holds: clicks on other shares do not wait for it. */
export const insertLockingClaims = statement("locking_claim", PARAMETERS, text("SKIP LOCKED"))

/** Waits for the row: for clicks on one share. */
export const insertLockingClaimsOfOne = statement("locking_claim_of_one", PARAMETERS, text(""))
