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
const BATCH = 1_000

/** What a rule would delete in its first 30 days, and when the first of it. */
export const Lapsing = z.strictObject({
  count: z.int(),
  bytes: z.int(),
  firstDay: z.iso.datetime().nullable(),
})
export type Lapsing = z.infer<typeof Lapsing>

type Batch = Range & { files: number; bytes: number; first: Date | null }

/** Counts what a rule would delete in the 30 days after it was stored. */
export async function countLapsing(rule: Rule): Promise<Lapsing> {
  const found: Lapsing = { count: 0, bytes: 0, firstDay: null }
  await batchesById(
    async (after, limit) => {
      const [batch] = await readBatch(rule, after, limit)
      if (!batch) throw new Error("A statement without FROM has a row.")
      found.count += batch.files
      found.bytes += batch.bytes
      const first = batch.first?.toISOString()
      if (first && (!found.firstDay || first < found.firstDay)) found.firstDay = first
      return batch
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
