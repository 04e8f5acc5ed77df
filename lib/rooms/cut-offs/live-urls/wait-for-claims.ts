import "server-only"
import { setTimeout as sleep } from "node:timers/promises"
import { REQUESTS } from "#lib/adapters/database/db-client.ts"
import { DB_TIMEOUTS } from "#lib/adapters/database/db-timeouts.ts"
import { statement } from "#lib/adapters/database/statement.ts"

/** Longer than any claim runs: the wait on a server that does not show what is running. */
const BLIND_SECONDS = DB_TIMEOUTS.statement_timeout / 1000 + 1

const LONGEST_PAUSE_MS = 50

// A claim is one statement outside of a transaction, so its transaction begins before its snapshot.
const selectRunning = statement(
  "claims_before",
  { id: "uuid", blindSeconds: "int" },
  `
SELECT EXISTS (
  SELECT FROM pg_stat_activity, (SELECT started_at FROM cut_off WHERE id = :id) AS cut_off
  WHERE datname = current_database() AND application_name = '${REQUESTS}' AND pid <> pg_backend_pid()
    AND (state = 'active' AND xact_start < started_at
      OR state = 'disabled' AND clock_timestamp() < started_at + make_interval(secs => :blindSeconds))
) AS running`,
)

/**
 * Waits until every statement that began before the cut off has ended. A claim sees the share as it
 * was when its statement began, and its event is visible only after its commit.
 */
export async function waitForClaims(id: string): Promise<void> {
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const [row] = await selectRunning<{ running: boolean }>({ id, blindSeconds: BLIND_SECONDS })
    if (!row?.running) return
    await sleep(pause)
  }
}
