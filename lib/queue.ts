import "server-only"
import type { Tx } from "./db.ts"

/** Every job and what it is told. lib/jobs/tasks.ts does them. */
export type Jobs = {
  /** Deletes a doomed object from the bucket, again after its last signed PUT has ended. */
  destroyObject: { key: string }
  /** Makes the months of `event` that are to come. */
  ensurePartitions: Record<string, never>
  /** Lets shares follow a raised MINT_TTL_SECONDS. */
  raiseLifetimes: Record<string, never>
  /** Removes rows that serve no one any more, and gives idle uploads up. */
  sweep: Record<string, never>
}
export type JobName = keyof Jobs

type When = {
  /** Jobs of one queue run one at a time, in order. */
  queueName?: string
  /** Not before this; left out: now. */
  runAt?: Date
}

/** Enqueues a job in the caller's transaction: it exists exactly when the change that needs it does. */
export async function addJob<Name extends JobName>(
  tx: Pick<Tx, "$executeRaw">,
  name: Name,
  payload: Jobs[Name],
  { queueName, runAt }: When = {},
): Promise<void> {
  await tx.$executeRaw`SELECT graphile_worker.add_job(
    ${name}, ${JSON.stringify(payload)}::json,
    queue_name => ${queueName ?? null}, run_at => ${runAt ?? null}::timestamptz)`
}
