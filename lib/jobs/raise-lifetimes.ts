import "server-only"
import { db } from "#lib/db.ts"
import { env } from "#lib/env.ts"

/** Lets shares that follow MINT_TTL_SECONDS follow a raised one. Until then claims keep to the old lifetime. */
export async function raiseLifetimes(): Promise<void> {
  await db.$executeRaw`
    UPDATE share SET max_ttl_seconds = ${env.MINT_TTL_SECONDS}::int
    WHERE mint_ttl_seconds IS NULL AND max_ttl_seconds < ${env.MINT_TTL_SECONDS}::int`
}
