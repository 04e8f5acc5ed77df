import "server-only"
import { db, longDb, rawSql, sql, type Tx } from "#lib/adapters/database.ts"
import { beginRollUp } from "./complete-until.ts"

/** This roll-up's row in `rollup`, where others have their own. */
const NAME = "activity_hour"

/** The number of days that the first run goes back: the overview compares 30 days with 30 before. */
const FIRST_DAYS = 61

/** In SQL: whether an event counts. Claims without URLs are not downloads. */
const COUNTS = "NOT again AND file_ids IS DISTINCT FROM '{}'"

/**
 * Counts the events of each ended hour once, by kind. One transaction writes the counts and the
 * time up to which they are complete. Works a day at a time, so that the first run needs no long
 * transaction. Safe under concurrent calls.
 */
export async function rollUp(): Promise<void> {
  while (await longDb.$transaction(rollUpDay, { timeout: 60_000 }));
}

/** Counts up to one day. Returns whether there may be more. */
async function rollUpDay(tx: Tx): Promise<boolean> {
  const from = sql`date_trunc('hour', now() - make_interval(days => ${FIRST_DAYS}::int))`
  const cut = await beginRollUp(tx, NAME, from)
  // Hours without events are skipped.
  const [span] = await tx.$queryRaw<{ since: Date; until: Date }[]>`
    SELECT until AS since, least(last, coalesce(
      (SELECT date_trunc('hour', min(at)) + interval '1 day' FROM event WHERE at >= until), last)) AS until
    FROM rollup, (SELECT date_trunc('hour', ${cut}::timestamptz)) AS complete (last)
    WHERE name = ${NAME}`
  if (!span || span.until <= span.since) return false
  await tx.$executeRaw`
    INSERT INTO activity_hour (hour, kind, count)
    SELECT date_trunc('hour', at), kind, count(*) FROM event
    WHERE at >= ${span.since} AND at < ${span.until} AND ${rawSql(COUNTS)}
    GROUP BY 1, 2
    ON CONFLICT (hour, kind) DO UPDATE SET count = excluded.count`
  const { until } = span
  await tx.rollup.update({ where: { name: NAME }, data: { until }, select: { name: true } })
  return true
}

export type ActivityDay = {
  /** For example 2026-11-26. */
  day: string
  views: number
  claims: number
  previews: number
  refusals: number
}

/**
 * Lists the activity of the last `days` days, including today, earliest first. Adds the counts of
 * hours to the events of hours that are not counted yet. The caller must have checked that the
 * member is an admin.
 */
export async function listActivityDays(days: number): Promise<ActivityDay[]> {
  return db.$queryRaw`
    WITH bounds AS (
      SELECT date_trunc('day', now(), 'UTC') - make_interval(days => ${days - 1}::int) AS since,
        coalesce((SELECT until FROM rollup WHERE name = ${NAME}), '-infinity') AS counted
    ), hours AS (
      SELECT hour AS at, kind, count FROM activity_hour, bounds
      WHERE hour >= since AND hour < counted
      UNION ALL
      -- If the job has not run for long, this reads at most a day of events.
      SELECT at, kind, 1 FROM event, bounds
      WHERE at >= greatest(since, counted, now() - interval '26 hours') AND ${rawSql(COUNTS)}
    ), kinds AS (
      SELECT (at AT TIME ZONE 'UTC')::date AS day,
        sum(count) FILTER (WHERE kind = 'view') AS views,
        sum(count) FILTER (WHERE kind = 'claim') AS claims,
        sum(count) FILTER (WHERE kind = 'preview') AS previews,
        sum(count) FILTER (WHERE kind IN ('refused', 'unlock_failed')) AS refusals
      FROM hours GROUP BY 1
    )
    SELECT to_char(each, 'YYYY-MM-DD') AS day, coalesce(views, 0)::float8 AS views,
      coalesce(claims, 0)::float8 AS claims, coalesce(previews, 0)::float8 AS previews,
      coalesce(refusals, 0)::float8 AS refusals
    FROM bounds, generate_series((since AT TIME ZONE 'UTC')::date, (now() AT TIME ZONE 'UTC')::date,
      interval '1 day') AS each
    LEFT JOIN kinds ON kinds.day = each::date
    ORDER BY each`
}
