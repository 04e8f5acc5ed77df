import "server-only"
import type { ChainReport, KeptHead } from "./chain-finding.ts"
import { ChainWalk } from "./chain-walk.ts"
import { CHECKPOINT, type CheckpointRow, SEALS, type SealRow, toCheckpoint } from "./entry-sql.ts"
import { inSnapshot, type Query } from "./snapshot.ts"

const BATCH = 5_000

/**
 * Compares every sealed entry with its seal, every seal with the one before, and the chain with
 * heads that were kept. One snapshot, so that what is sealed or deleted meanwhile does not matter;
 * it reads only. An entry that was altered is found once, and the check goes on behind it.
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
    next.catch(() => {}) // awaited above
    for (const seal of seals) walk.compare(seal)
  }
  const [waiting] = await query<{ count: number }>(WAITING)
  for (const { id } of await query<{ id: string }>(INSERTED))
    walk.find({ kind: "inserted", entryId: id })
  for (const { id } of await query<{ id: string }>(REMOVED))
    walk.find({ kind: "removed_unsealed", entryId: id })
  return walk.end(waiting?.count ?? 0)
}

const WAITING = `
  SELECT count(*)::int AS count FROM audit_unsealed JOIN audit_entry ON id = entry_id`

const INSERTED = `
  SELECT id FROM audit_entry
  WHERE NOT EXISTS (SELECT FROM audit_seal WHERE entry_id = id)
    AND NOT EXISTS (SELECT FROM audit_unsealed WHERE entry_id = id)
  LIMIT 1000`

const REMOVED = `
  SELECT entry_id AS id FROM audit_unsealed
  WHERE NOT EXISTS (SELECT FROM audit_entry WHERE id = entry_id) LIMIT 1000`
