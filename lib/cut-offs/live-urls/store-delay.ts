import "server-only"
import { rawSql } from "#lib/db.ts"

/** In SQL: a store whose clock is behind serves a URL for longer, by so many seconds. */
export const STORE_DELAY_SECONDS =
  "coalesce((SELECT clock_difference_ms FROM installation), 0) / 1000.0"

export const storeDelaySeconds = rawSql(STORE_DELAY_SECONDS)
