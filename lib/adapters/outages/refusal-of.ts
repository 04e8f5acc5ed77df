import "server-only"
import { Refusal } from "#lib/adapters/errors.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { outageOf } from "./outage.ts"
import { logOutage } from "./outage-log.ts"
import { lackOf } from "./store-lack.ts"

/**
 * Returns the refusal for a thrown value: a Refusal itself, or the refusal for an outage or for a
 * feature that the store lacks, which is also logged; null for a bug.
 */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  const lack = lackOf(error)
  const outage = lack ? refusal("unavailable", "store_lacks", lack) : outageOf(error)
  if (outage) logOutage(error, outage.message)
  return outage
}
