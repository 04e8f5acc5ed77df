import "server-only"
import { isAllowed } from "#lib/policies/read-policies.ts"
import { isMintable } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import {
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
} from "../access/sql-fragments.ts"

/**
 * The most frequent claims, as many as the arrays hold: one file of a share without limit that may be
 * downloaded, from which a URL was minted before. Checks, counts, inserts the events, and returns a
 * row with the place in the arrays for each claim it granted. It counts nothing for the others: the
 * full statement decides them. It grants nothing that the full one would refuse.
 *
 * The first mint of a share locks its row, so that a revoke either sees the flag `minted` or is
 * seen; once the flag is set, the statement's snapshot is enough. Counters are raised in the order
 * of the shares' ids, so that no two statements deadlock.
 */
const text = ({ withUnlocks }: { withUnlocks: boolean }) => `
WITH asked AS (
  -- The subselects hide the lengths from the planner, so that it keeps its generic plan.
  SELECT * FROM unnest((SELECT :publicIds), (SELECT :fileIds), (SELECT :directOnly),
    ${withUnlocks ? `${UNLOCKS},` : ""} (SELECT :agents), (SELECT :referrers), (SELECT :visitors), (SELECT :eventIds))
    WITH ORDINALITY AS a (public_id, file_id, direct_only, ${withUnlocks ? `${UNLOCK_COLUMNS},` : ""}
      agent, referrer, visitor, event_id, place)
),
found AS (
  SELECT a.place, a.agent, a.referrer, a.visitor, a.event_id, plain.*
  FROM asked a CROSS JOIN LATERAL (
    SELECT l.id AS link_id, s.id AS share_id, s.password_version, s.ticket_epoch, s.expires_at,
      s.mint_ttl_seconds, s.max_ttl_seconds, f.id AS file_id, f.name, f.content_type, f.size, o.key, o.colour
    FROM ${LINK} ${filesOf("s.id", "= a.file_id")}
    WHERE l.public_id = a.public_id AND ${READY}
      AND s.minted AND s.max_downloads IS NULL AND NOT s.view_only
      AND (s.password_hash IS NULL${withUnlocks ? ` OR ${unlockHolds("l.id", "s.password_version", columnOf("a"))}` : ""})
      AND ${isMintable("s")} AND ${SIGNABLE} AND (NOT a.direct_only OR s.direct AND ${isAllowed("directLinks")})
    OFFSET 0 -- keeps the planner from joining whole tables: each click looks up its own rows
  ) AS plain
),
spread AS (
  INSERT INTO share_counter (share_id, shard, downloads)
  SELECT share_id, :shard, count(*) FROM found GROUP BY share_id ORDER BY share_id
  ON CONFLICT (share_id, shard) DO UPDATE SET downloads = share_counter.downloads + excluded.downloads
),
logged AS (
  INSERT INTO event (id, at, share_id, link_id, file_id, kind, agent, referrer, visitor)
  SELECT event_id, statement_timestamp(), share_id, link_id, file_id, 'claim', agent, referrer, visitor FROM found
)
SELECT place::int, statement_timestamp() AS now, share_id, link_id, password_version, ticket_epoch, expires_at,
  mint_ttl_seconds, max_ttl_seconds, file_id, name, content_type, size, key, colour
FROM found`

const PARAMETERS = {
  publicIds: "bytea[]",
  fileIds: "uuid[]",
  /** Whether the share must be a direct link. */
  directOnly: "boolean[]",
  agents: "text[]",
  referrers: "text[]",
  visitors: "bytea[]",
  /** Of the events that are written. */
  eventIds: "uuid[]",
  shard: "smallint",
  ...CREDENTIALS,
} as const

/** Of shares without a password. */
export const insertPlainClaims = statement("plain_claim", PARAMETERS, text({ withUnlocks: false }))

/** Of shares with a password too, for visitors who gave it. */
export const insertUnlockedClaims = statement(
  "unlocked_claim",
  { ...PARAMETERS, ...UNLOCK_ARRAYS },
  text({ withUnlocks: true }),
)
