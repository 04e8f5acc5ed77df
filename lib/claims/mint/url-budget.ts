import "server-only"
import { addressPrefix } from "#lib/accounts/address-prefix.ts"
import { refusal } from "#lib/sentences.ts"

/** URLs of many files at once that one address gets of one link in ten minutes. */
export const URLS_PER_WINDOW = 100_000
const WINDOW = "interval '10 minutes'"

export const URL_BUDGET = {
  /** The prefix of the address that pays for the URLs; null: they are free. */
  chargedTo: "text | null",
} as const

export const urlBudgetValues = (address: string | undefined) => ({
  chargedTo: address === undefined ? null : addressPrefix(address),
})

/**
 * Charges the address with `ready` URLs of the link of a row, if `needs` holds. Returns no row where
 * they would exceed the budget; then nothing is charged.
 */
export const chargeUrls = (row: string, needs: string) => `
  INSERT INTO attempt AS a (purpose, subject, address, attempts, window_end_at)
  SELECT 'claim_urls', link_id::text, :chargedTo, ready::int, statement_timestamp() + ${WINDOW}
  FROM ${row} WHERE :chargedTo IS NOT NULL AND ${needs}
  ON CONFLICT (purpose, subject, address) DO UPDATE SET
    attempts = CASE WHEN a.window_end_at > statement_timestamp() THEN a.attempts ELSE 0 END
      + excluded.attempts,
    window_end_at = CASE WHEN a.window_end_at > statement_timestamp()
      THEN a.window_end_at ELSE excluded.window_end_at END
  WHERE a.window_end_at <= statement_timestamp()
    OR a.attempts + excluded.attempts <= ${URLS_PER_WINDOW}
  RETURNING attempts`

/** Seconds until the budget of a link and the address begins anew. */
export const budgetWait = (linkId: string) => `COALESCE((
  SELECT greatest(1, ceil(extract(epoch FROM a.window_end_at - statement_timestamp())))::int
  FROM attempt a WHERE a.purpose = 'claim_urls' AND a.subject = ${linkId}::text
    AND a.address = :chargedTo), 600)`

/** The refusal of URLs that were asked for too often. */
export const tooManyUrls = (retryAfterSeconds: number) =>
  refusal("too_many", "urls", {}, { retryAfterSeconds })
