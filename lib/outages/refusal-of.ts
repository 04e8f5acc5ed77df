import "server-only"
import { Refusal } from "#lib/errors.ts"
import { outageOf } from "./outage.ts"
import { logOutage } from "./outage-log.ts"

/** The no in what was thrown: a Refusal itself, an outage in its sentence after a warning in the log, null for a bug. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  const outage = outageOf(error)
  if (outage) logOutage(error, outage.message)
  return outage
}
