import "server-only"
import { LONGEST_LIFETIME_SECONDS } from "#lib/cut-offs/cut-off.ts"
import { STORE_DELAY_SECONDS } from "./store-delay.ts"

/**
 * In SQL: until when a URL may work that was handed out between a backup and its restore. No row
 * says of which file or by which colour. Null where nothing was restored.
 */
export const lostUrlsEnd = `(
  SELECT restored_at + make_interval(secs => 2 + ${LONGEST_LIFETIME_SECONDS}
    + ${STORE_DELAY_SECONDS})
  FROM installation)`

/** In SQL: whether every URL that works is known from a row. */
export const allUrlsAreKnown = `(${lostUrlsEnd} < clock_timestamp()) IS NOT FALSE`
