import "server-only"
import { log } from "#lib/monitoring/log.ts"
import { logOutage } from "#lib/outages/outage-log.ts"
import { compareClocks } from "./clocks.ts"
import { areClocksApart } from "./clocks-apart.ts"
import { lookAtDisk, type Watched } from "./disk-space.ts"
import { lookAtPublicAccess } from "./public-access.ts"

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
  const lookAtClocks = (pauseMs = 0) =>
    compareClocks(pauseMs).catch((error) => logOutage(error, "The clocks cannot be compared."))
  const lookAround = () =>
    lookAtDisk(watched).catch((error) => log.warn({ error }, "the disk cannot be measured"))
  const tryStore = () => lookAtPublicAccess().catch(() => {}) // other code reports the outage

  void tryStore()
  let ticks = 0
  await Promise.all([lookAtClocks(), lookAround()])
  const interval = setInterval(() => {
    void lookAround()
    void lookAtClocks(areClocksApart() ? CLOCKS_APART_INTERVAL_MS : CLOCKS_INTERVAL_MS)
    if (++ticks % (PUBLIC_INTERVAL_MS / DISK_INTERVAL_MS) === 0) void tryStore()
  }, DISK_INTERVAL_MS)
  interval.unref()
  return { stop: () => clearInterval(interval) }
}
