import "server-only"
import { z } from "zod"
import { batchesById, type Range } from "#lib/adapters/database/batch-by-batch.ts"
import { db } from "#lib/adapters/database.ts"
import {
  batchAfter,
  proposed,
  type Rule,
  rangeOfBatch,
} from "#lib/rooms/files/retention/deletes-at.ts"

const DAYS_COUNTED = 30
const BATCH = 5_000
/** For how long a page waits for the count. */
const PATIENCE_MS = 5_000

/** What a rule would delete in its first 30 days, and when the first of it. */
export const Lapsing = z.strictObject({
  count: z.int(),
  bytes: z.int(),
  firstDay: z.iso.datetime().nullable(),
  /** False if counting took too long and ended before all files were judged: there may be more. */
  isAll: z.boolean(),
})
export type Lapsing = z.infer<typeof Lapsing>

type Batch = Range & { files: number; bytes: number; first: Date | null }

/**
 * Counts what a rule would delete in the 30 days after it was stored: of all files, or of the oldest
 * if that takes too long.
 */
export async function countLapsing(rule: Rule, patienceMs = PATIENCE_MS): Promise<Lapsing> {
  const found: Lapsing = { count: 0, bytes: 0, firstDay: null, isAll: true }
  const until = performance.now() + patienceMs
  await batchesById(
    async (after, limit) => {
      const [batch] = await readBatch(rule, after, limit)
      if (!batch) throw new Error("A statement without FROM has a row.")
      found.count += batch.files
      found.bytes += batch.bytes
      const first = batch.first?.toISOString()
      if (first && (!found.firstDay || first < found.firstDay)) found.firstDay = first
      if (batch.count < limit || performance.now() < until) return batch
      found.isAll = false
      return { ...batch, count: 0 }
    },
    { most: BATCH },
  )
  return found
}

const readBatch = (rule: Rule, after: string, limit: number) => db.$queryRaw<Batch[]>`
  WITH ${batchAfter(after, limit, proposed(rule))}, soon AS (
    SELECT * FROM batch
    WHERE at <= statement_timestamp() + make_interval(days => ${DAYS_COUNTED}::int)
  )
  SELECT ${rangeOfBatch}, (SELECT count(*)::int FROM soon) AS files,
    (SELECT coalesce(sum(size), 0)::float8 FROM soon) AS bytes, (SELECT min(at) FROM soon) AS first`
