import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, rawSql, sql } from "#lib/adapters/database.ts"
import { lostUrlsEnd } from "#lib/rooms/cut-offs/live-urls/lost-urls.ts"
import { storeDelaySeconds } from "#lib/rooms/cut-offs/live-urls/store-delay.ts"
import { inBatches, lockedShares } from "./bulk/write-in-batches.ts"

/** Longer than any transaction that closes shares. */
const PROVISIONAL_SECONDS = 60

const lostEnd = rawSql(lostUrlsEnd)

/** In SQL: `exposed_until` as of now, of a share or of a link beside its share. */
const settled = () => sql`greatest(${lostEnd}, clock_timestamp()
  + make_interval(secs => 1 + ${storeDelaySeconds} + greatest(
    max_ttl_seconds, coalesce(mint_ttl_seconds, ${configuration.MINT_TTL_SECONDS}::int))))`

/** In SQL: `minted` as of now. */
const wasMinted = sql`(minted OR coalesce(${lostEnd} > clock_timestamp(), false))`

/**
 * The value that a statement that closes a share writes into `exposed_until`. It is later than the
 * real value by up to a minute. It stays if the process crashes before `settleExposure`, and in the
 * later batches of a bulk change.
 */
export const provisionalExposure = sql`clock_timestamp()
  + make_interval(secs => max_ttl_seconds + ${PROVISIONAL_SECONDS}::int + ${storeDelaySeconds})`

/**
 * Sets `exposed_until` of open shares in which a file that became ready replaced another one. A job,
 * because files become ready in a room on which this one is built.
 */
export async function exposeReplaced(shareIds: string[]): Promise<void> {
  await inBatches(
    sql`id = ANY(${shareIds}::uuid[]) AND revoked_at IS NULL`,
    (next, limit) => db.$queryRaw<{ id: string }[]>`
      WITH open AS (${lockedShares(next, limit)})
      UPDATE share SET exposed_until = ${settled()}, minted = ${wasMinted}, cut_off_id = NULL
      FROM open WHERE id = locked_id
      RETURNING id`,
  )
}

/**
 * Sets `exposed_until` of closed shares, the time until which URLs minted before may still work.
 * Call it after the closing commit, so that the clock is read after every mint that began before
 * it. The flag `minted` is read only when the time is shown, because such a mint may set it after
 * this. Soon after a restore every share counts as minted, because its rows may be outdated. With
 * `onlyLater` a share is written only if its time is too early.
 */
export async function settleExposure(shareIds: string[], { onlyLater = false } = {}) {
  const wrong = onlyLater
    ? sql`(exposed_until < ${settled()} OR ${lostEnd} > clock_timestamp())`
    : sql`exposed_until IS NOT NULL`
  const closed = sql`id = ANY(${shareIds}::uuid[]) AND ${wrong}`
  await inBatches(
    closed,
    (next, limit) => db.$queryRaw<{ id: string }[]>`
      WITH closed AS (${lockedShares(next, limit)})
      UPDATE share SET exposed_until = ${settled()},
        minted = ${wasMinted}
      FROM closed WHERE id = locked_id
      RETURNING id`,
  )
}

/** Sets `exposed_until` of a closed link, as `settleExposure` does for shares. */
export const settleLinkExposure = (linkId: string) => db.$executeRaw`
  UPDATE link SET exposed_until = ${settled()} FROM share
  WHERE link.id = ${linkId}::uuid AND share.id = share_id AND link.exposed_until IS NOT NULL`
