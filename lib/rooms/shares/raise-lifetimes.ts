import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, sql } from "#lib/adapters/database.ts"
import { inBatches, lockedShares } from "./bulk/write-in-batches.ts"

/** Applies a raised MINT_TTL_SECONDS to shares that use this default. */
export async function raiseLifetimes(): Promise<void> {
  const shorter = sql`mint_ttl_seconds IS NULL AND max_ttl_seconds < ${configuration.MINT_TTL_SECONDS}::int`
  await inBatches(
    shorter,
    (next, limit) => db.$queryRaw<{ id: string }[]>`
      WITH shorter AS (${lockedShares(next, limit)})
      UPDATE share SET max_ttl_seconds = ${configuration.MINT_TTL_SECONDS}::int
      FROM shorter WHERE id = locked_id
      RETURNING id`,
  )
}
