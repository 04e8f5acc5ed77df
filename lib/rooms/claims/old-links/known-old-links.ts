import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"
import { processWide } from "#lib/adapters/process-wide.ts"

const INTERVAL_MS = 5_000

const known = () => processWide("old links", () => ({ any: false }))

/**
 * Whether the installation has links of an imported app. The result is refreshed every few seconds
 * and not by requests, so that on other installations an unknown address costs no query.
 */
export const hasOldLinks = () => known().any

const askAny = statement("any_old_link", {}, "SELECT EXISTS (SELECT FROM old_link) AS any")

export async function lookForOldLinks(): Promise<void> {
  const [row] = await askAny<{ any: boolean }>({})
  known().any = row?.any ?? false
}

/** Looks for old links now and every few seconds, because imports run in another process. */
export async function watchOldLinks(): Promise<{ stop: () => void }> {
  await lookForOldLinks()
  const look = () =>
    lookForOldLinks().catch((error) => logOutage(error, "Old links cannot be looked for."))
  const timer = setInterval(() => void look(), INTERVAL_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
