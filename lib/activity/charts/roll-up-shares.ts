import "server-only"
import { longDb, type Tx } from "#lib/db.ts"
import { completeUntil } from "./complete-until.ts"

/** The name of this roll-up's row in `rollup`. */
export const SHARE_HOURS = "share_hour"

/** The number of events that one transaction counts. */
const BATCH = 20_000
/** How long a run lasts at most; the next run continues. */
const RUN_MS = 50_000

/**
 * How many names of files and of links are kept in an hour of a share: those with the most events.
 */
const NAMES_KEPT = 100

type Options = { marginSeconds?: number; batch?: number; runMs?: number }

/**
 * Adds the events since the last run to the counts of their shares and hours. One transaction
 * writes the counts and the time that they reach, so each event counts once, even if a run dies or
 * several run at once. The first run begins with the oldest event. The cost grows with the number
 * of events.
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
  await tx.$executeRaw`
    INSERT INTO rollup (name, until)
    SELECT ${SHARE_HOURS}, least((SELECT min(at) FROM event), now()) - interval '1 day'
    WHERE NOT EXISTS (SELECT FROM rollup WHERE name = ${SHARE_HOURS})
    ON CONFLICT DO NOTHING`
  // A concurrent call waits for this lock and continues where this call ends.
  await tx.$queryRaw`SELECT name FROM rollup WHERE name = ${SHARE_HOURS} FOR UPDATE`
  const cut = await completeUntil(tx, marginSeconds)
  // Times pass from statement to statement as texts, because a Date has no microseconds.
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
 * The SQL that splits an event into the parts by which it is counted. A claim of all files, or of
 * several, counts as one claim, not as one for each file.
 */
const PARTS = `(VALUES
  ('quarter'::activity_part, (extract(minute FROM at)::int / 15)::text),
  ('file', CASE WHEN kind IN ('claim', 'mint', 'preview') THEN
    coalesce(file_id::text, CASE WHEN file_ids IS NULL THEN 'all' WHEN file_ids <> '{}' THEN 'several' END) END),
  ('link', CASE WHEN kind IN ('view', 'claim') THEN link_id::text END)
) AS counted (part, name)`

/** The parts of rows of `event`, with the columns share_id, at, part, name and kind. */
export const eventParts = (events: string) => `
  SELECT share_id, at, part, name, kind
  FROM ${events} AS event CROSS JOIN LATERAL ${PARTS}
  WHERE kind <> 'thumbnail' AND name IS NOT NULL`

/**
 * The SQL condition of a part of an event that is kept: links count only if they have a recipient.
 */
export const isKept = `(part <> 'link' OR (
  -- It is not written with EXISTS, because then the planner may read the whole table once.
  SELECT count(*) > 0 FROM link WHERE link.id = CASE WHEN part = 'link' THEN name::uuid END AND recipient IS NOT NULL))`

/**
 * The SQL condition of a rolled-up part that is still used: earlier versions also counted by
 * `agent` and `referrer`.
 */
export const isCounted = `part IN ('quarter', 'file', 'link')`

/**
 * Adds new events to the existing counts of an hour. Events of names beyond the limit are counted
 * under "", so that the counts of a part add up.
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
