import "server-only"
import { Logger } from "graphile-worker"
import { log } from "#lib/adapters/monitoring/log.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"

/** Logs a failure. An outage is not logged each time. */
export function warn(error: unknown, sentence: string): void {
  if (outageOf(error)) logOutage(error, sentence)
  else log.warn({ error }, sentence)
}

/** Logs the library's warnings and errors. */
export const logger = new Logger(() => (level, message, meta) => {
  if (level === "error") {
    const error = meta?.error ?? meta?.fatalError
    const outage = outageOf(error)
    if (outage) logOutage(error, `Jobs: ${outage.message}`)
    else log.error({ error }, message)
  } else if (level === "warning") log.warn(message)
})
