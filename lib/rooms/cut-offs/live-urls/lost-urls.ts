import "server-only"
import { LONGEST_LIFETIME_SECONDS } from "#lib/rooms/cut-offs/cut-off.ts"
import { STORE_DELAY_SECONDS } from "./store-delay.ts"

/**
 * In SQL: the time until which a URL may work that was handed out between a backup and its restore.
 * No row records its file or colour. Null if nothing was restored.
 */
export const lostUrlsEnd = `(
  SELECT restored_at + make_interval(secs => 2 + ${LONGEST_LIFETIME_SECONDS}
    + ${STORE_DELAY_SECONDS})
  FROM installation)`

/** In SQL: whether every working URL is recorded in a row. */
export const allUrlsAreKnown = `(${lostUrlsEnd} < clock_timestamp()) IS NOT FALSE`
