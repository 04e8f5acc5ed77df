import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { exactTimeText } from "#lib/adapters/database/time-text.ts"
import { NO_SEAL, type SealedHead } from "./seal.ts"

type Row = { sequence: string; hash: Buffer; sealedAt: string }

const findHead = statement(
  "audit_head",
  {},
  `SELECT sequence, hash, sealed_at AS "sealedAt" FROM (
     (SELECT sequence, hash, ${exactTimeText("sealed_at")} AS sealed_at
      FROM audit_seal ORDER BY sequence DESC LIMIT 1)
     UNION ALL
     SELECT sequence, hash, ${exactTimeText("made_at")} FROM audit_checkpoint
   ) AS heads ORDER BY sequence DESC LIMIT 1`,
)

/** Returns the seal that the next one follows: the last seal, or the checkpoint of retention. */
export async function chainEnd(): Promise<{ sequence: bigint; hash: Buffer }> {
  const [row] = await findHead<Row>({})
  return row ? { sequence: BigInt(row.sequence), hash: row.hash } : { sequence: 0n, hash: NO_SEAL }
}

/** Returns the sealed head, or null before the first seal. */
export async function sealedHead(): Promise<SealedHead | null> {
  const [row] = await findHead<Row>({})
  if (!row) return null
  return {
    sequence: Number(row.sequence),
    hash: row.hash.toString("hex"),
    sealedAt: row.sealedAt,
  }
}
