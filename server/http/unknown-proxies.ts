import { log } from "#lib/monitoring/log.ts"
import { metrics } from "#lib/monitoring/metrics.ts"

const HOUR_MS = 3_600_000
const MAX_NAMED = 20

/**
 * Counts requests that a proxy passed on which TRUSTED_PROXIES does not name, and says so in the
 * log once an hour for each such proxy: all its visitors count as one address, and are slowed as
 * one.
 */
export function watchUnknownProxies() {
  let named = new Set<string>()
  let since = Number.NEGATIVE_INFINITY
  return (peer = "unknown", now = Date.now()) => {
    metrics().unknownProxyRequests.inc()
    if (now - since >= HOUR_MS) {
      named = new Set()
      since = now
    }
    if (named.has(peer) || named.size >= MAX_NAMED) return
    named.add(peer)
    log.warn(
      { peer },
      `A request from ${peer} says that a proxy passed it on, and TRUSTED_PROXIES does not name that address: all its visitors count as one. If it is your proxy, set TRUSTED_PROXIES=${peer}.`,
    )
  }
}
