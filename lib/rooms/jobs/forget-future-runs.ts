import "server-only"
import type { WorkerUtils } from "graphile-worker"

/**
 * Corrects scheduled jobs that ran at a time which has not come, because the clock of a process was
 * ahead: the library would run them again only after that time, and has no call that forgets it.
 * Given is the time of this process.
 */
export async function forgetFutureRuns(utils: WorkerUtils, now = new Date()): Promise<void> {
  await utils.withPgClient((client) =>
    client.query(
      `UPDATE graphile_worker._private_known_crontabs SET last_execution = NULL
       WHERE last_execution > least($1, clock_timestamp()) + interval '1 minute'`,
      [now],
    ),
  )
}
