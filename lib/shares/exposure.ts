import "server-only"
import { db, sql } from "#lib/db.ts"
import { settings } from "#lib/settings.ts"
import { inBatches, lockedShares } from "./write-in-batches.ts"

/** Longer than the longest transaction that closes shares. */
const PROVISIONAL_SECONDS = 60

/**
 * What a statement that closes a share writes into `exposed_until`: surely not too early. It stands
 * only when the process dies before `settleExposure`.
 */
export const provisionalExposure = sql`clock_timestamp()
  + make_interval(secs => max_ttl_seconds + ${PROVISIONAL_SECONDS}::int)`

/**
 * Says until when addresses handed out before a closing may still work: to be called after its
 * commit, because a mint that began before the commit is older than a clock read after it. Whether
 * anything was minted is asked when the time is shown: such a late mint may raise the flag after this.
 */
export async function settleExposure(shareIds: string[]): Promise<void> {
  const closed = sql`id = ANY(${shareIds}::uuid[]) AND exposed_until IS NOT NULL`
  await inBatches(
    closed,
    (next) => db.$queryRaw<{ id: string }[]>`
      WITH closed AS (${lockedShares(next)})
      UPDATE share SET exposed_until = clock_timestamp() + make_interval(secs =>
        greatest(max_ttl_seconds, coalesce(mint_ttl_seconds, ${settings.MINT_TTL_SECONDS}::int)) + 1)
      FROM closed WHERE id = locked_id
      RETURNING id`,
  )
}
