import "server-only"
import { Logger, runMigrations } from "graphile-worker"
import { createPool } from "#lib/adapters/database/db-client.ts"

/** The queue's tables are small, but an older process may lock them for a moment. */
const ANSWER_MS = 60_000

const quiet = new Logger(() => () => {})

/** Creates or updates the queue's own schema. Safe under concurrent starts. */
export async function installQueue(connectionString: string): Promise<void> {
  const pool = createPool({
    connectionString,
    max: 2,
    answerTimeoutMillis: ANSWER_MS,
    application_name: "lapse-migrate",
  })
  pool.on("error", () => {})
  pool.on("connect", (client) => client.on("error", () => {}))
  try {
    await runMigrations({ pgPool: pool, logger: quiet })
  } finally {
    await pool.end()
  }
}
