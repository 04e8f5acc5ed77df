import { log } from "#lib/adapters/monitoring/log.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"

const HOUR_MS = 3_600_000
const MAX_NAMED = 20

/**
 * Counts requests forwarded by a proxy that TRUSTED_PROXIES does not name, and logs each such proxy
 * once an hour: all its visitors count as one address and share one rate limit.
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
