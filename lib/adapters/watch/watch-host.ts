import "server-only"
import { areClocksApart } from "#lib/adapters/host/clocks-apart.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"
import { compareClocks } from "./compare-clocks.ts"
import { measureDisk, type Watched } from "./disk-space.ts"
import { checkPublicAccess } from "./public-access.ts"

const DISK_INTERVAL_MS = 5_000
const CLOCKS_INTERVAL_MS = 20_000
const CLOCKS_APART_INTERVAL_MS = 10_000
const PUBLIC_INTERVAL_MS = 3_600_000

type Watch = { stop(): void }

/**
 * Watches the clocks, the disk of the data directory (null if nothing is embedded) and public
 * access to the bucket: now, and then every few seconds or every hour.
 */
export async function watchHost(watched: Watched | null): Promise<Watch> {
  const compare = (pauseMs = 0) =>
    compareClocks(pauseMs).catch((error) => logOutage(error, "The clocks cannot be compared."))
  const measure = () =>
    measureDisk(watched).catch((error) => log.warn({ error }, "the disk cannot be measured"))
  const checkStore = () => checkPublicAccess().catch(() => {}) // other code reports the outage

  void checkStore()
  let ticks = 0
  await Promise.all([compare(), measure()])
  const interval = setInterval(() => {
    void measure()
    void compare(areClocksApart() ? CLOCKS_APART_INTERVAL_MS : CLOCKS_INTERVAL_MS)
    if (++ticks % (PUBLIC_INTERVAL_MS / DISK_INTERVAL_MS) === 0) void checkStore()
  }, DISK_INTERVAL_MS)
  interval.unref()
  return { stop: () => clearInterval(interval) }
}
