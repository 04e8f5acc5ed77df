import "server-only"
import type { Tx } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"

/** At most this many files are scanned at once, so that a worker is left for other jobs. */
const AT_ONCE = 2

/**
 * Enqueues the scan of a file in the caller's transaction, in place of one that waits. With `runAt`
 * it is a repeated scan, which runs after all first ones, so that files without a result do not
 * keep others waiting.
 */
export const queueScan = (tx: Pick<Tx, "$executeRaw">, id: string, runAt?: Date): Promise<void> =>
  addJob(
    tx,
    "scanFile",
    { id },
    {
      queueName: `scan ${Number.parseInt(id.slice(-4), 16) % AT_ONCE}`,
      key: `scan ${id}`,
      ...(runAt ? { priority: 2, runAt } : { priority: 1 }),
    },
  )
