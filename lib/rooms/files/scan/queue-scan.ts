import "server-only"
import { db } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"

/** Files are scanned in two places, so that a worker is left for other jobs. */
const PLACES = [0, 1] as const
export type ScanPlace = (typeof PLACES)[number]

/**
 * Enqueues a scan in each place, unless one waits there. Which file it scans is decided when it
 * begins. A call that was missed is made up for within a minute, by the clock of the jobs.
 */
export async function queueScans(): Promise<void> {
  for (const place of PLACES) {
    const name = `scan${place}`
    await addJob(db, "scanFile", { place }, { queueName: name, key: name, priority: 1 })
  }
}
