import "server-only"
import { Logger, runMigrations } from "graphile-worker"

const quiet = new Logger(() => () => {})

/**
 * Creates or updates the queue's own schema; part of every migration. Safe under concurrent starts.
 */
export async function installQueue(connectionString: string): Promise<void> {
  await runMigrations({ connectionString, logger: quiet })
}
