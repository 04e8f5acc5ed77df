import "server-only"
import { LOWEST_ID } from "#lib/adapters/database/batch-by-batch.ts"
import { statement } from "#lib/adapters/database/statement.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { codeOf } from "#lib/adapters/errors.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { linkDerivedKeys } from "#lib/adapters/secrets.ts"
import { sealedColumns } from "#lib/rooms/audit/entry-sql.ts"
import { type SealedEntry, sealOf } from "./seal.ts"
import { chainEnd, sealedHead } from "./sealed-head.ts"

const BATCH = 5_000

export const sealKeys = () => linkDerivedKeys("audit seal")

// Finds settled entries. An entry is settled when every transaction with a lower number has ended,
// so that no earlier entry can be committed later. A number that this cluster has not reached came
// with a dump of another cluster. Each entry is looked up separately, because another join would
// read all entries for every batch.
const findSettled = statement(
  "audit_settled",
  { afterTx: "text", afterId: "uuid" },
  `SELECT waiting.tx::text AS tx, ${sealedColumns("entry")}
   FROM audit_unsealed waiting,
     LATERAL (SELECT * FROM audit_entry WHERE id = waiting.entry_id LIMIT 1) AS entry
   WHERE (waiting.tx < pg_snapshot_xmin(pg_current_snapshot())
       OR waiting.tx >= pg_snapshot_xmax(pg_current_snapshot()))
     AND (waiting.tx, waiting.entry_id) > (:afterTx::xid8, :afterId)
   ORDER BY waiting.tx, waiting.entry_id LIMIT ${BATCH}`,
)

// One statement, so that an entry is no longer waiting exactly when its seal exists.
const insertSeals = statement(
  "audit_insert_seals",
  { before: "bigint", sealedAt: "timestamptz", ids: "uuid[]", hashes: "bytea[]" },
  `WITH sealed AS (
     INSERT INTO audit_seal (sequence, entry_id, sealed_at, hash)
     SELECT :before + place, id, :sealedAt, hash
     FROM unnest(:ids, :hashes) WITH ORDINALITY AS seal (id, hash, place)
     WHERE NOT EXISTS (SELECT FROM audit_checkpoint WHERE sequence > :before)
     RETURNING entry_id
   )
   DELETE FROM audit_unsealed WHERE entry_id = ANY(:ids) AND EXISTS (SELECT FROM sealed)`,
)

type Settled = SealedEntry & { tx: string }

/**
 * Seals every settled entry, in the order of their transactions, and logs the new head. Returns the
 * number of entries. Concurrent sealers never seal the same position: the later one stops.
 */
export async function sealEntries(): Promise<number> {
  let sealed = 0
  let after = { afterTx: "0", afterId: LOWEST_ID }
  for (;;) {
    // Reads the end first, so that if another sealer was faster, this one's positions collide.
    const end = await chainEnd()
    const entries = await findSettled<Settled>(after)
    const last = entries.at(-1)
    if (!last) break
    if (!(await seal(end, entries))) break
    sealed += entries.length
    after = { afterTx: last.tx, afterId: last.id }
    if (entries.length < BATCH) break
  }
  if (sealed > 0) log.info({ ...(await sealedHead()) }, "the audit log is sealed")
  return sealed
}

type End = { sequence: bigint; hash: Buffer }

async function seal(end: End, entries: SealedEntry[]) {
  const [key] = sealKeys()
  if (!key) throw new Error("LINK_SECRET is empty")
  const now = await databaseTime()
  const sealedAt = now.toISOString().replace("Z", "000Z")
  let { sequence, hash } = end
  const hashes: Buffer[] = []
  for (const entry of entries) {
    sequence += 1n
    hash = sealOf(key, hash, { sequence, sealedAt }, entry)
    hashes.push(hash)
  }
  try {
    const ids = entries.map(({ id }) => id)
    await insertSeals({ before: end.sequence, sealedAt: now, ids, hashes })
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}

// Whether the error is a unique_violation:
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const isTaken = (error: unknown) => codeOf(error) === "23505"
