import "server-only"
import { inSnapshot, type Query } from "#lib/adapters/database/snapshot.ts"
import { exactTimeText } from "#lib/adapters/database/time-text.ts"
import { db, sql } from "#lib/adapters/database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { isRefusal, reasonOf } from "#lib/adapters/storage.ts"
import { ChainWalk } from "./chain/chain-walk.ts"
import { type Checkpoint, checkpointMac } from "./chain/seal.ts"
import { sealKeys } from "./chain/seal-entries.ts"
import { CHECKPOINT, type CheckpointRow, SEALS, type SealRow, toCheckpoint } from "./entry-sql.ts"
import { readBucketHead } from "./head/bucket-head.ts"
import { compareHead } from "./head/compare-head.ts"
import { findingInWords } from "./head/finding-in-words.ts"
import { recordAudit } from "./record-audit.ts"

const BATCH = 5_000

/**
 * Deletes the sealed entries from more than `days` days before today (UTC), up to the first younger
 * one, and returns their number. The newest seal stays. Each batch has its own audit entry. Leaves
 * a checkpoint: a MAC of the last deleted seal, with which the rest can be verified.
 *
 * Retention must not delete evidence. It throws if an entry differs from the sealed one, or if the
 * chain does not match the head in the bucket, and deletes nothing that this head does not cover.
 */
export async function expireEntries(days: number): Promise<number> {
  const covered = await coveredByHead()
  let deleted = 0
  for (;;) {
    const checkpoint = await inSnapshot((query) => findExpired(query, days, covered))
    if (!checkpoint) return deleted
    deleted += await deleteTo(checkpoint)
  }
}

type NewCheckpoint = Omit<Checkpoint, "mac">
type Bounds = { now: string; until: string; newest: string | null }

/** Returns the place up to which the bucket's head covers the chain, or null without one. */
async function coveredByHead(): Promise<bigint | null> {
  const seen = await readBucketHead()
  if (seen.kind === "none") return null
  if (seen.kind === "unseen") {
    if (isRefusal(seen.error)) return null
    throw notDeleted(`its head in the bucket cannot be read (${reasonOf(seen.error)}).`)
  }
  if (seen.kind === "foreign")
    throw notDeleted("its head in the bucket was not made with LINK_SECRET.")
  const contradiction = await compareHead(seen.head)
  if (contradiction) throw notDeleted(findingInWords(contradiction))
  return BigInt(seen.head.sequence)
}

const notDeleted = (because: string) =>
  new SetupError(`No entry of the audit log is deleted: ${because} Run lapse audit verify.`)

async function findExpired(
  query: Query,
  days: number,
  covered: bigint | null,
): Promise<NewCheckpoint | null> {
  const walk = new ChainWalk()
  const [before] = await query<CheckpointRow>(CHECKPOINT)
  if (before) walk.begin(toCheckpoint(before))
  const [bounds] = await query<Bounds>(BOUNDS, [days])
  const newest = BigInt(bounds?.newest ?? 0)
  let last: NewCheckpoint | null = null
  for (const seal of await query<SealRow>(SEALS, [walk.sequence, BATCH])) {
    const sequence = BigInt(seal.sequence)
    walk.compare(seal)
    if (walk.found > 0 || seal.id === null || !bounds) throw notSealed(sequence)
    if (seal.at >= bounds.until || sequence >= newest) break
    if (covered !== null && sequence > covered) break
    const deletedTo: string = last && last.deletedTo > seal.at ? last.deletedTo : seal.at
    last = { sequence, hash: seal.hash, deletedTo, madeAt: bounds.now }
  }
  return last
}

const BOUNDS = `
  SELECT ${exactTimeText("clock_timestamp()")} AS now,
    ${exactTimeText("date_trunc('day', now(), 'UTC') - make_interval(days => $1::int)")} AS until,
    (SELECT max(sequence) FROM audit_seal) AS newest`

const notSealed = (sequence: bigint) =>
  new Error(
    `The audit log is not what was sealed at ${sequence}: its oldest entries are not deleted. Run lapse audit verify.`,
  )

async function deleteTo(checkpoint: NewCheckpoint) {
  const { sequence, hash, deletedTo, madeAt } = checkpoint
  const [key] = sealKeys()
  if (!key) throw new Error("LINK_SECRET is empty")
  const mac = new Uint8Array(checkpointMac(key, checkpoint))
  const values = sql`${sequence}, ${new Uint8Array(hash)}, ${deletedTo}::timestamptz, ${madeAt}::timestamptz, ${mac}`
  return db.$transaction(async (tx) => {
    // The later of two concurrent runs waits here and then deletes nothing.
    const moved = await tx.$executeRaw`
      INSERT INTO audit_checkpoint AS c (sequence, hash, deleted_to, made_at, mac)
      VALUES (${values})
      ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash,
        deleted_to = excluded.deleted_to, made_at = excluded.made_at, mac = excluded.mac
      WHERE c.sequence < excluded.sequence`
    if (moved === 0) return 0
    const entries = await tx.$executeRaw`
      WITH seals AS (DELETE FROM audit_seal WHERE sequence <= ${sequence} RETURNING entry_id)
      -- An array, because a join is planned as a loop over the table while its statistics are old.
      DELETE FROM audit_entry WHERE id = ANY(ARRAY(SELECT entry_id FROM seals))`
    const details = { entries, to: deletedTo }
    await recordAudit(tx, { actorId: null, action: "audit.expire", details })
    return entries
  })
}
