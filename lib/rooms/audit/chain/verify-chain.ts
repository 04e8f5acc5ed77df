import "server-only"
import { LOWEST_ID } from "#lib/adapters/database/batch-by-batch.ts"
import { inSnapshot, type Query } from "#lib/adapters/database/snapshot.ts"
import {
  CHECKPOINT,
  type CheckpointRow,
  SEALS,
  type SealRow,
  toCheckpoint,
} from "#lib/rooms/audit/entry-sql.ts"
import type { ChainReport, KeptHead } from "./chain-finding.ts"
import { ChainWalk } from "./chain-walk.ts"

const BATCH = 5_000

/**
 * Compares every sealed entry with its seal, every seal with the previous one, and the chain with
 * saved heads. Only reads, in one snapshot, so that concurrent sealing and deleting do not matter.
 * Reports an altered entry once and continues after it.
 */
export const verifyChain = (kept: KeptHead[] = []): Promise<ChainReport> =>
  inSnapshot((query) => verify(query, kept))

async function verify(query: Query, kept: KeptHead[]): Promise<ChainReport> {
  const walk = new ChainWalk(kept)
  const [checkpoint] = await query<CheckpointRow>(CHECKPOINT)
  if (checkpoint) walk.begin(toCheckpoint(checkpoint))
  let next = query<SealRow>(SEALS, [walk.sequence, BATCH])
  for (;;) {
    const seals = await next
    const last = seals.at(-1)
    if (!last) break
    // The database reads the next batch while this one is compared.
    next = query<SealRow>(SEALS, [last.sequence, BATCH])
    next.catch(() => {}) // The next turn throws the error; until then it is not unhandled.
    for (const seal of seals) walk.compare(seal)
  }
  const [waiting] = await query<{ count: number; unsealed: number }>(WAITING)
  const unsealed = waiting?.unsealed ?? 0
  if ((await countEntries(query)) !== walk.entries + unsealed) await findInserted(query, walk)
  for (const { id } of await query<{ id: string }>(REMOVED))
    walk.find({ kind: "removed_unsealed", entryId: id })
  return walk.end(waiting?.count ?? 0)
}

const WAITING = `
  SELECT count(*)::int AS count,
    (count(*) FILTER (WHERE NOT EXISTS (
      SELECT FROM audit_seal WHERE audit_seal.entry_id = audit_unsealed.entry_id)))::int AS unsealed
  FROM audit_unsealed JOIN audit_entry ON id = entry_id`

/** Counts in batches, so that no statement takes long. */
async function countEntries(query: Query) {
  let count = 0
  let last: string | null = LOWEST_ID
  while (last !== null) {
    const [batch]: { count: number; last: string | null }[] = await query(COUNTED, [last])
    count += batch?.count ?? 0
    last = batch?.last ?? null
  }
  return count
}

const COUNTED = `
  SELECT count(*)::int AS count,
    (SELECT id FROM audit_entry WHERE id > $1::uuid ORDER BY id OFFSET 99999 LIMIT 1) AS last
  FROM (SELECT FROM audit_entry WHERE id > $1::uuid ORDER BY id LIMIT 100000) AS batch`

/** Finds entries without a seal that are not marked as waiting for one. */
async function findInserted(query: Query, walk: ChainWalk) {
  let last: string | null = LOWEST_ID
  while (last !== null) {
    const [batch]: { last: string | null; ids: string[] }[] = await query(INSERTED, [last])
    for (const entryId of batch?.ids ?? []) walk.find({ kind: "inserted", entryId })
    last = batch?.last ?? null
  }
}

const INSERTED = `
  WITH batch AS MATERIALIZED (
    SELECT id FROM audit_entry WHERE id > $1::uuid ORDER BY id LIMIT 20000
  )
  SELECT (SELECT id FROM batch ORDER BY id DESC LIMIT 1) AS last,
    ARRAY(
      SELECT id FROM batch
      WHERE NOT EXISTS (SELECT FROM audit_seal WHERE entry_id = id)
        AND NOT EXISTS (SELECT FROM audit_unsealed WHERE entry_id = id)
    ) AS ids`

const REMOVED = `
  SELECT entry_id AS id FROM audit_unsealed
  WHERE NOT EXISTS (SELECT FROM audit_entry WHERE id = entry_id) LIMIT 1000`
