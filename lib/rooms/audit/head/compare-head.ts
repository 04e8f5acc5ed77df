import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { exactTimeText } from "#lib/adapters/database/time-text.ts"
import type { Finding } from "#lib/rooms/audit/chain/chain-finding.ts"
import { type Checkpoint, isOwnCheckpoint, type SealedHead } from "#lib/rooms/audit/chain/seal.ts"
import { sealKeys } from "#lib/rooms/audit/chain/seal-entries.ts"

const findPlace = statement(
  "audit_place",
  { sequence: "bigint" },
  `SELECT place.hash, (SELECT max(sequence) FROM audit_seal) AS last, begins.sequence AS "beginsAt",
     begins.hash AS "beginsHash", ${exactTimeText("begins.deleted_to")} AS "deletedTo",
     ${exactTimeText("begins.made_at")} AS "madeAt", begins.mac
   FROM (SELECT) AS once
     LEFT JOIN audit_seal AS place ON place.sequence = :sequence
     LEFT JOIN audit_checkpoint AS begins ON true`,
)

type Row = { hash: Buffer | null; last: string | null } & (
  | ({ beginsAt: string; beginsHash: Buffer } & Omit<Checkpoint, "sequence" | "hash">)
  | { beginsAt: null }
)

/**
 * Checks that the chain still has the seal of a head that was saved outside of the database.
 * Returns null if it does, or if retention deleted that seal. Looks only at that seal;
 * `verifyChain` compares all of them.
 */
export async function compareHead({
  sequence: at,
  hash,
}: Pick<SealedHead, "sequence" | "hash">): Promise<Finding | null> {
  if (at === 0) return null // before the first seal nothing can differ
  const sequence = BigInt(at)
  const [row] = await findPlace<Row>({ sequence })
  let there = row?.hash
  if (row && row.beginsAt !== null && sequence <= BigInt(row.beginsAt)) {
    const begins = { ...row, sequence: BigInt(row.beginsAt), hash: row.beginsHash }
    if (!isOwnCheckpoint(sealKeys(), begins))
      return { kind: "checkpoint", sequence: begins.sequence }
    if (sequence < begins.sequence) return null
    there = row.beginsHash
  }
  if (there?.toString("hex") === hash) return null
  return { kind: BigInt(row?.last ?? 0) < sequence ? "cut_off" : "other_chain", sequence }
}
