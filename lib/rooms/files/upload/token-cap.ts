import "server-only"
import { db, sql } from "#lib/adapters/database.ts"
import type { Refusal } from "#lib/adapters/errors.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { ActingToken } from "#lib/rooms/accounts/member.ts"

const TODAY = sql`(statement_timestamp() AT TIME ZONE 'UTC')::date`
const SPENT = sql`CASE WHEN upload_day = ${TODAY} THEN upload_bytes ELSE 0 END`

/**
 * Returns the cap of the bytes that a token uploads in a day, as SQL for a statement with `reserveQuota`: the row of its `room`, and a query that counts what fits. Null if
 * there is no cap. The lock of the member's quota makes it exact. A token that ended has no room.
 */
export function tokenCap(token: ActingToken | null) {
  if (token === null || token.maxDayBytes === null) return null
  const its = sql`token.id = ${token.id}::uuid`
  return {
    room: sql`SELECT max_day_bytes - ${SPENT} AS bytes, NULL::bigint AS files
      FROM token WHERE ${its} AND ended_at IS NULL`,
    count: sql`spent AS (
      UPDATE token SET upload_day = ${TODAY}, upload_bytes = ${SPENT} + (SELECT max(bytes) FROM counted)
      WHERE ${its} AND EXISTS (SELECT FROM fitting)
    )`,
  }
}

type File = { name: string; size: number }

/**
 * Returns the refusals of files that a token's cap excludes; null for those with room. Refuses
 * (signed_out) a token that ended.
 */
export async function capRefusal(
  token: ActingToken | null,
): Promise<(file: File) => Refusal | null> {
  if (token === null || token.maxDayBytes === null) return () => null
  const [row] = await db.$queryRaw<{ most: bigint; left: bigint }[]>`
    SELECT max_day_bytes AS most, max_day_bytes - ${SPENT} AS left FROM token
    WHERE id = ${token.id}::uuid AND ended_at IS NULL`
  if (!row) throw refusal("signed_out", "token_invalid")
  const [most, left] = [Number(row.most), Number(row.left)]
  return ({ name, size }) => {
    const values = { name, most: { bytes: most }, left: { bytes: left } }
    return size <= left ? null : refusal("quota_exceeded", "token_bytes", values, { field: "size" })
  }
}
