import "server-only"
import { addressPrefix } from "#lib/adapters/http/address-prefix.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { countInWindow, secondsLeft } from "#lib/adapters/throttle/count-in-window.ts"

/** How many URLs of many-file downloads one address gets for a link in ten minutes. */
export const URLS_PER_WINDOW = 100_000
const WINDOW_SECONDS = 600

/** In SQL: the end of a window that begins now. Windows count URLs, mints or looks. */
export const URL_WINDOW = `statement_timestamp() + interval '${WINDOW_SECONDS} seconds'`

/** The prefix of the address that is charged for the URLs of a row; null if they are free. */
export const URL_BUDGET = { chargedTo: "text[]" } as const

export const urlBudgetColumns = (address: string | undefined) => ({
  chargedTo: address === undefined ? null : addressPrefix(address),
})

/**
 * Charges the `ready` URLs of `judged` rows that are not refused and meet `needs` to their
 * addresses. The query `payable` has all rows, with `answer` instead of `refusal`. It is "urls" if
 * they would exceed the budget; then nothing is charged.
 */
export const chargeUrls = (needs: string) => `
due AS MATERIALIZED (
  SELECT place, link_id, charged_to, ready FROM judged
  WHERE refusal IS NULL AND charged_to IS NOT NULL AND ${needs}
),
charged AS (
  ${countInWindow(
    `SELECT 'claim_urls', link_id::text, charged_to, sum(ready)::int, ${URL_WINDOW}
  FROM due GROUP BY link_id, charged_to ORDER BY link_id, charged_to`,
    `a.attempts + excluded.attempts <= ${URLS_PER_WINDOW}`,
  )}
  RETURNING subject::uuid AS link_id, address
),
payable AS MATERIALIZED (
  SELECT judged.*, coalesce(judged.refusal, CASE WHEN due.place IS NOT NULL AND NOT EXISTS (
      SELECT FROM charged WHERE charged.link_id = due.link_id AND charged.address = due.charged_to)
    THEN 'urls' END) AS answer
  FROM judged LEFT JOIN due USING (place)
)`

/** The seconds until the budget of a row's link and address is renewed, at most a window. */
export const urlWait = (purpose: string, row: string, address: string) => `COALESCE((
  SELECT ${secondsLeft("a.window_end_at")} FROM attempt a
  WHERE a.purpose = ${purpose} AND a.subject = ${row}.link_id::text AND a.address = ${row}.${address}
), ${WINDOW_SECONDS})`

export const tooManyUrls = (retryAfterSeconds: number) =>
  refusal("too_many", "urls", {}, { retryAfterSeconds })
