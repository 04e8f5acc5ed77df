import "server-only"
import type { Sql, Tx } from "#lib/adapters/database.ts"

/** The longest time that a statement may run before it writes its event. */
const LATE = "10 minutes"
/** Exceeds the delay with which pg_stat_activity shows a received statement. */
const MARGIN_SECONDS = 30

/**
 * Locks the row of a roll-up in `rollup`, so that a concurrent call waits and continues where this
 * one ends. The first call inserts the row, with the time (SQL) from which it counts. Returns the
 * time up to which this call may count, from `completeUntil`.
 */
export async function beginRollUp(tx: Tx, name: string, from: Sql, marginSeconds?: number) {
  await tx.$executeRaw`
    INSERT INTO rollup (name, until)
    SELECT ${name}, ${from} WHERE NOT EXISTS (SELECT FROM rollup WHERE name = ${name})
    ON CONFLICT DO NOTHING`
  await tx.$queryRaw`SELECT name FROM rollup WHERE name = ${name} FOR UPDATE`
  return completeUntil(tx, marginSeconds)
}

/**
 * Returns the time before which every event is committed, as text with microseconds. An event has
 * the time of its statement, so one that is not committed yet is not older than the oldest open
 * transaction. If the transactions of other roles are hidden, it returns the time ten minutes ago.
 * Read the events in a later statement, whose snapshot includes the commits since. Call it once in
 * a transaction, because PostgreSQL shows a transaction the sessions as it first saw them.
 */
async function completeUntil(tx: Tx, marginSeconds = MARGIN_SECONDS): Promise<string> {
  const [row] = await tx.$queryRaw<{ until: string }[]>`
    WITH session AS (
      SELECT *, state IS NULL OR state = 'disabled' AS hidden, clock_timestamp() - ${LATE}::interval AS late
      FROM pg_stat_activity
      WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
    )
    SELECT least(
      clock_timestamp() - make_interval(secs => ${marginSeconds}::float),
      (SELECT min(CASE WHEN hidden THEN late ELSE xact_start END) FROM session
        WHERE hidden OR backend_xid IS NOT NULL OR xact_start > late)
    )::text AS until`
  if (!row) throw new Error("A statement without FROM has a row.")
  return row.until
}
