import "server-only"
import type { WorkerUtils } from "graphile-worker"

/**
 * Corrects scheduled jobs whose last run is dated in the future because a process's clock was
 * ahead. The library would run them again only after that time, and cannot forget it. `now` is this
 * process's time.
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
