import "server-only"
import { z } from "zod"
import { batchByBatch, LOWEST_ID } from "#lib/adapters/database/batch-by-batch.ts"
import { db } from "#lib/adapters/database.ts"
import { deletesAt, proposed, type Rule } from "#lib/rooms/files/retention/deletes-at.ts"

const DAYS_COUNTED = 30
const BATCH = 1_000

/** What a rule would delete in its first 30 days, and when the first of it. */
export const Lapsing = z.strictObject({
  count: z.int(),
  bytes: z.int(),
  firstDay: z.iso.datetime().nullable(),
})
export type Lapsing = z.infer<typeof Lapsing>

type Batch = { last: string | null; read: number; count: number; bytes: number; first: Date | null }

/** Counts what a rule would delete in the 30 days after it was stored. */
export async function countLapsing(rule: Rule): Promise<Lapsing> {
  const found = { count: 0, bytes: 0 }
  let first: Date | null = null
  let after = LOWEST_ID
  await batchByBatch(
    async (limit) => {
      const [batch] = await readBatch(rule, after, limit)
      if (!batch?.last) return "done"
      after = batch.last
      found.count += batch.count
      found.bytes += batch.bytes
      if (batch.first && (!first || batch.first < first)) first = batch.first
      return batch.read === limit ? "more" : "done"
    },
    { most: BATCH },
  )
  return { ...found, firstDay: (first as Date | null)?.toISOString() ?? null }
}

const readBatch = (rule: Rule, after: string, limit: number) => db.$queryRaw<Batch[]>`
  WITH batch AS MATERIALIZED (
    SELECT file.id, file.size, ${deletesAt(proposed(rule))} AS at
    FROM file WHERE file.id > ${after}::uuid ORDER BY file.id LIMIT ${limit}
  ), soon AS (
    SELECT * FROM batch
    WHERE at <= statement_timestamp() + make_interval(days => ${DAYS_COUNTED}::int)
  )
  SELECT (SELECT id::text FROM batch ORDER BY id DESC LIMIT 1) AS last,
    (SELECT count(*)::int FROM batch) AS read, (SELECT count(*)::int FROM soon) AS count,
    (SELECT coalesce(sum(size), 0)::float8 FROM soon) AS bytes, (SELECT min(at) FROM soon) AS first`
