import "server-only"
import type { Tx } from "#lib/db.ts"

/** No statement that writes an event runs so long before it writes. */
const LATE = "10 minutes"
/** Longer than a session takes to show the statement that it received. */
const MARGIN_SECONDS = 30

/**
 * The time before which every event is committed, as a text with microseconds. An event has the time
 * of its statement, so one that is still to come is not older than the oldest transaction under way.
 * Where sessions of other roles hide theirs, ten minutes ago. The events have to be read by a later
 * statement, whose snapshot has what was committed meanwhile; call it once in a transaction, because
 * the server shows each transaction the sessions of its first look.
 */
export async function completeUntil(tx: Tx, marginSeconds = MARGIN_SECONDS): Promise<string> {
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
