import "server-only"
import { db, sql } from "#lib/db.ts"
import { settings } from "#lib/settings.ts"
import { inBatches, lockedShares } from "./write-in-batches.ts"

/** Lets shares that follow MINT_TTL_SECONDS follow a raised one. Until then claims keep to the old lifetime. */
export async function raiseLifetimes(): Promise<void> {
  const shorter = sql`mint_ttl_seconds IS NULL AND max_ttl_seconds < ${settings.MINT_TTL_SECONDS}::int`
  await inBatches(
    shorter,
    (next) => db.$queryRaw<{ id: string }[]>`
      WITH shorter AS (${lockedShares(next)})
      UPDATE share SET max_ttl_seconds = ${settings.MINT_TTL_SECONDS}::int
      FROM shorter WHERE id = locked_id
      RETURNING id`,
  )
}
