import "server-only"
import { longDb, type Tx } from "#lib/db.ts"
import { completeUntil } from "./complete-until.ts"

/** The roll-up of this file. */
export const SHARE_HOURS = "share_hour"

/** Events that one transaction counts. */
const BATCH = 20_000
/** A run ends then, and the next one goes on. */
const RUN_MS = 50_000

/** Of files and of links, in an hour of a share: those with the most events are kept. */
const NAMES_KEPT = 100

type Options = { marginSeconds?: number; batch?: number; runMs?: number }

/**
 * Adds the events since the last time to the counts of their shares and hours: the counts and how
 * far they go are written together, so that each event counts once, whatever dies and however many
 * run at once. The first run begins with the oldest event. It costs as much as there are events.
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

/** Returns whether there are more. */
async function rollUpBatch(tx: Tx, batch: number, marginSeconds: number | undefined) {
  await tx.$executeRaw`
    INSERT INTO rollup (name, until)
    SELECT ${SHARE_HOURS}, least((SELECT min(at) FROM event), now()) - interval '1 day'
    WHERE NOT EXISTS (SELECT FROM rollup WHERE name = ${SHARE_HOURS})
    ON CONFLICT DO NOTHING`
  // Another call of this moment waits here, and goes on where this one ends.
  await tx.$queryRaw`SELECT name FROM rollup WHERE name = ${SHARE_HOURS} FOR UPDATE`
  const cut = await completeUntil(tx, marginSeconds)
  // Times go from statement to statement as texts: a Date has no microseconds.
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
 * Over an event: by what it is counted. A claim of all files, or of several, is one claim, not one
 * of each file.
 */
const PARTS = `(VALUES
  ('quarter'::activity_part, (extract(minute FROM at)::int / 15)::text),
  ('file', CASE WHEN kind IN ('claim', 'mint', 'preview') THEN
    coalesce(file_id::text, CASE WHEN file_ids IS NULL THEN 'all' WHEN file_ids <> '{}' THEN 'several' END) END),
  ('link', CASE WHEN kind IN ('view', 'claim') THEN link_id::text END)
) AS counted (part, name)`

/** The parts of rows of `event`: share_id, at, part, name and kind. */
export const eventParts = (events: string) => `
  SELECT share_id, at, part, name, kind
  FROM ${events} AS event CROSS JOIN LATERAL ${PARTS}
  WHERE kind <> 'thumbnail' AND name IS NOT NULL`

/** Over a part of events: links count only if they have a recipient. */
export const isKept = `(part <> 'link' OR (
  -- Not EXISTS, for which the planner may read the whole table once.
  SELECT count(*) > 0 FROM link WHERE link.id = CASE WHEN part = 'link' THEN name::uuid END AND recipient IS NOT NULL))`

/** Over a part that was rolled up: earlier versions counted by `agent` and `referrer` too. */
export const isCounted = `part IN ('quarter', 'file', 'link')`

/**
 * The sum of what an hour had and of the new events; of the names beyond the most, the events count
 * for "", so that the counts of a part add up.
 */
const ADD_EVENTS = `
WITH fresh AS MATERIALIZED (
  SELECT share_id, date_trunc('hour', at, 'UTC') AS hour, part, name, kind, count(*) AS count
  FROM (${eventParts("(SELECT * FROM event WHERE at >= $1::timestamptz AND at < $2::timestamptz)")}) AS recent
  GROUP BY 1, 2, 3, 4, 5
),
known AS MATERIALIZED (
  SELECT share_id, hour FROM (SELECT DISTINCT share_id, hour FROM fresh) AS touched
  WHERE EXISTS (SELECT FROM share WHERE share.id = touched.share_id)
),
added AS (
  SELECT * FROM fresh WHERE ${isKept}
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
    CASE WHEN part = 'quarter' OR rank <= ${NAMES_KEPT} THEN name ELSE '' END AS name
  FROM ranked GROUP BY 1, 2, 3, 4, 6
)
INSERT INTO share_hour (share_id, hour, parts, names, kinds, counts)
SELECT share_id, hour, array_agg(part), array_agg(name), array_agg(kind), array_agg(count)
FROM bounded GROUP BY share_id, hour ORDER BY share_id, hour
ON CONFLICT (share_id, hour) DO UPDATE SET
  parts = excluded.parts, names = excluded.names, kinds = excluded.kinds, counts = excluded.counts`
