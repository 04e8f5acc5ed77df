import "server-only"
import { inSnapshot, type Query } from "#lib/adapters/database/snapshot.ts"
import type { Finding } from "#lib/rooms/audit/chain/chain-finding.ts"
import { ChainWalk } from "#lib/rooms/audit/chain/chain-walk.ts"
import type { SealedHead } from "#lib/rooms/audit/chain/seal.ts"
import { CHECKPOINT, type CheckpointRow, SEALS, type SealRow, toCheckpoint } from "../entry-sql.ts"
import { compareHead } from "./compare-head.ts"

const BATCH = 5_000

type Followed = { end: SealedHead } | { contradiction: Finding }

/**
 * Follows the chain from a head that was saved outside of the database to its end, and compares
 * every seal on the way with the previous one. This proves the end of the chain even if somebody
 * altered the database.
 */
export async function followHead(head: SealedHead): Promise<Followed> {
  const contradiction = await compareHead(head)
  return contradiction ? { contradiction } : inSnapshot((query) => follow(query, head))
}

async function follow(query: Query, head: SealedHead): Promise<Followed> {
  const walk = new ChainWalk()
  const [checkpoint] = await query<CheckpointRow>(CHECKPOINT)
  if (checkpoint && BigInt(checkpoint.sequence) > BigInt(head.sequence))
    walk.begin(toCheckpoint(checkpoint)) // retention deleted the head's own seal
  else walk.beginAt(head)
  for (;;) {
    const seals = await query<SealRow>(SEALS, [walk.sequence, BATCH])
    if (seals.length === 0) break
    for (const seal of seals) walk.compare(seal)
    if (walk.found > 0) break
  }
  const {
    findings: [contradiction],
    head: end,
  } = walk.end(0)
  if (contradiction) return { contradiction }
  return { end: end ? { ...end, sequence: Number(end.sequence) } : head }
}
