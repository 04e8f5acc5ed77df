import "server-only"
import { longDb, sql, type Tx } from "#lib/adapters/database.ts"
import { everSharedFiles } from "#lib/rooms/claims/access/file-joins.ts"
import { beginRollUp } from "./complete-until.ts"
import { allFilesAt, eventParts, isAllFiles, isCounted, isKept } from "./event-parts.ts"

/** The name of this roll-up's row in `rollup`. */
export const SHARE_HOURS = "share_hour"

/** The number of events that one transaction counts. */
const BATCH = 20_000
/** The maximum time of a run in milliseconds. The next run continues. */
const RUN_MS = 50_000

/** How many names of files and of links an hour of a share keeps: those with most events. */
const NAMES_KEPT = 1_000

type Options = { marginSeconds?: number; batch?: number; runMs?: number }

/**
 * Adds the events since the last run to the counts of their shares and hours. One transaction
 * writes the counts and the time up to which they are complete, so each event counts once, even if
 * a run dies or several run at once. The first run begins with the oldest event. The cost grows
 * with the number of events.
 */
export async function rollUpShares({
  marginSeconds,
  batch = BATCH,
  runMs = RUN_MS,
}: Options = {}): Promise<void> {
  const endAt = performance.now() + runMs
  const next = (tx: Tx) => rollUpBatch(tx, batch, marginSeconds)
  while ((await longDb.$transaction(next, { timeout: 60_000 })) && performance.now() < endAt);
}

/** Counts one batch of events. Returns whether there are more. */
async function rollUpBatch(tx: Tx, batch: number, marginSeconds: number | undefined) {
  const from = sql`least((SELECT min(at) FROM event), now()) - interval '1 day'`
  const cut = await beginRollUp(tx, SHARE_HOURS, from, marginSeconds)
  // Times pass between statements as text, because a Date has no microseconds.
  const [span] = await tx.$queryRaw<{ since: string; until: string; isLast: boolean }[]>`
    WITH beyond AS (
      SELECT until AS since, ${cut}::timestamptz AS cut,
        (SELECT at FROM event WHERE at >= until AND at < ${cut}::timestamptz
          ORDER BY at OFFSET ${batch}::int LIMIT 1) AS at
      FROM rollup WHERE name = ${SHARE_HOURS}
    ), ending AS (
      SELECT since, cut, CASE
        WHEN at > since THEN at -- more events of one moment than a batch holds stay together
        WHEN at = since THEN (SELECT min(e.at) FROM event e WHERE e.at > since AND e.at < cut)
      END AS at FROM beyond
    )
    SELECT since::text, coalesce(at, cut)::text AS until, at IS NULL AS "isLast"
    FROM ending WHERE cut > since`
  if (!span) return false
  await tx.$executeRawUnsafe(ADD_EVENTS, span.since, span.until)
  await tx.$executeRaw`
    UPDATE rollup SET until = ${span.until}::timestamptz WHERE name = ${SHARE_HOURS}`
  return !span.isLast
}

/**
 * Adds new events to the existing counts of an hour. Events of names beyond the limit are counted
 * under "", so that the counts of a part add up. Claims of all files in an hour are counted
 * together, except those between the first and last change of the share's files in that hour.
 */
const ADD_EVENTS = `
WITH split AS MATERIALIZED (
  SELECT *, date_trunc('hour', at, 'UTC') AS hour
  FROM (${eventParts("(SELECT * FROM event WHERE at >= $1::timestamptz AND at < $2::timestamptz)")}) AS recent
),
changes AS (
  SELECT taken.share_id, date_trunc('hour', changed_at, 'UTC') AS hour,
    min(changed_at) AS first, max(changed_at) AS last
  FROM (SELECT DISTINCT share_id FROM split WHERE ${isAllFiles("name")}) AS taken
    ${everSharedFiles("taken.share_id")}
    CROSS JOIN LATERAL (VALUES (f.ready_at), (f.deleted_at), (sf.added_at), (sf.removed_at)) AS changed (changed_at)
  WHERE changed_at IS NOT NULL
  GROUP BY 1, 2
),
fresh AS MATERIALIZED (
  SELECT share_id, hour, part, kind, count(*) AS count, CASE WHEN ${isAllFiles("name")}
    THEN ${allFilesAt("CASE WHEN at >= last THEN last WHEN at >= first THEN at ELSE hour END")}
    ELSE name END AS name
  FROM split LEFT JOIN changes USING (share_id, hour)
  GROUP BY 1, 2, 3, 4, 6
),
known AS MATERIALIZED (
  SELECT share_id, hour FROM (SELECT DISTINCT share_id, hour FROM fresh) AS touched
  WHERE EXISTS (SELECT FROM share WHERE share.id = touched.share_id)
),
added AS (
  SELECT share_id, hour, part, name, kind, count FROM fresh WHERE ${isKept}
  UNION ALL
  SELECT share_id, hour, was.* FROM known
    JOIN share_hour USING (share_id, hour)
    CROSS JOIN LATERAL unnest(parts, names, kinds, counts) AS was (part, name, kind, count)
  WHERE ${isCounted}
),
summed AS (
  SELECT share_id, hour, part, name, kind, sum(count) AS count FROM added JOIN known USING (share_id, hour)
  GROUP BY 1, 2, 3, 4, 5
),
weighed AS (
  SELECT *, sum(count) OVER (PARTITION BY share_id, hour, part, name) AS weight FROM summed
),
ranked AS (
  SELECT *, dense_rank() OVER (PARTITION BY share_id, hour, part ORDER BY name = '', weight DESC, name) AS rank
  FROM weighed
),
bounded AS (
  SELECT share_id, hour, part, kind, sum(count)::bigint AS count,
    CASE WHEN part = 'quarter' OR ${isAllFiles("name")} OR rank <= ${NAMES_KEPT}
      THEN name ELSE '' END AS name
  FROM ranked GROUP BY 1, 2, 3, 4, 6
)
INSERT INTO share_hour (share_id, hour, parts, names, kinds, counts)
SELECT share_id, hour, array_agg(part), array_agg(name), array_agg(kind), array_agg(count)
FROM bounded GROUP BY share_id, hour ORDER BY share_id, hour
ON CONFLICT (share_id, hour) DO UPDATE SET
  parts = excluded.parts, names = excluded.names, kinds = excluded.kinds, counts = excluded.counts`
