import "server-only"
import { log } from "#lib/monitoring/log.ts"
import { logOutage } from "#lib/outages/outage-log.ts"
import { compareClocks } from "./clocks.ts"
import { areClocksApart } from "./clocks-apart.ts"
import { lookAtDisk, type Watched } from "./disk-space.ts"
import { lookAtStore } from "./store-opening.ts"

const DISK_INTERVAL_MS = 5_000
const CLOCKS_INTERVAL_MS = 20_000
const CLOCKS_APART_INTERVAL_MS = 10_000
const STORE_INTERVAL_MS = 3_600_000

export type Watch = { stop(): void }

/**
 * Compares the clocks and measures the disk of the data directory, at once and then every few
 * seconds, so that clicks are refused before they are counted; and looks every hour whether the
 * store lets strangers in. Null if nothing is embedded.
 */
export async function watchHost(watched: Watched | null): Promise<Watch> {
  const lookAtClocks = () =>
    compareClocks().catch((error) => logOutage(error, "The clocks cannot be compared."))
  const lookAround = () =>
    lookAtDisk(watched).catch((error) => log.warn({ error }, "the disk cannot be measured"))

  const tryStore = () => lookAtStore().catch(() => {}) // others report that it does not answer

  void tryStore()
  let comparedAt = performance.now()
  await Promise.all([lookAtClocks(), lookAround()])
  const interval = setInterval(() => {
    void lookAround()
    const pause = areClocksApart() ? CLOCKS_APART_INTERVAL_MS : CLOCKS_INTERVAL_MS
    if (performance.now() - comparedAt < pause) return
    comparedAt = performance.now()
    void lookAtClocks()
  }, DISK_INTERVAL_MS)
  const hourly = setInterval(tryStore, STORE_INTERVAL_MS)
  interval.unref()
  hourly.unref()
  return {
    stop() {
      clearInterval(interval)
      clearInterval(hourly)
    },
  }
}
