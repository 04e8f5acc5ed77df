import "server-only"
import { Refusal } from "#lib/errors.ts"
import { outageOf } from "./outage.ts"
import { logOutage } from "./outage-log.ts"

/**
 * Returns the refusal in a thrown value: a Refusal itself, or the refusal for an outage, which is
 * also logged; null for a bug.
 */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  const outage = outageOf(error)
  if (outage) logOutage(error, outage.message)
  return outage
}
