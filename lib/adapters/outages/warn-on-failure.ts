import "server-only"
import { log } from "#lib/adapters/monitoring/log.ts"
import { outageOf } from "./outage.ts"

/** Returns the result of optional work. If it fails, logs a warning and returns null. */
export const warnOnFailure = <Result>(
  work: Promise<Result>,
  warning: string,
): Promise<Result | null> =>
  work.catch((error) => {
    log.warn({ error: outageOf(error)?.message ?? error }, warning)
    return null
  })
