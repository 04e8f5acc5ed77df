import "server-only"
import { rawSql } from "#lib/adapters/database.ts"

/** In SQL: for how many more seconds the store accepts a URL, because its clock is behind. */
export const STORE_DELAY_SECONDS =
  "coalesce((SELECT clock_difference_ms FROM installation), 0) / 1000.0"

export const storeDelaySeconds = rawSql(STORE_DELAY_SECONDS)
