import ipaddr from "ipaddr.js"
import type { ServerConfiguration as Settings } from "#server/configuration/derive-configuration.ts"

/** Whether the address is a trusted proxy, whose X-Forwarded-For is used. */
export function isTrusted(address: string, proxies: Settings["trustedProxies"]) {
  if (proxies.length === 0 || !ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return proxies.some(([network, bits]) => {
    return parsed.kind() === network.kind() && parsed.match(network, bits)
  })
}

/** Returns the last address of X-Forwarded-For that is no trusted proxy; others may be forged. */
export function findClientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  proxies: Settings["trustedProxies"],
): string {
  if (proxies.length === 0) return plain(peer ?? "")
  const hops = [...(forwardedFor ?? "").split(","), peer ?? ""].map((hop) => plain(hop.trim()))
  let client = hops.pop() ?? ""
  while (isTrusted(client, proxies)) {
    const next = hops.pop()
    if (!next || !ipaddr.isValid(next)) break
    client = next
  }
  return client
}

const FORWARDED = /^(forwarded|via|x-forwarded-.*|x-real-ip)$/

/** Whether a request's headers show that a proxy forwarded it. */
export const isForwarded = (headers: Record<string, unknown>) =>
  Object.keys(headers).some((name) => FORWARDED.test(name))

/** Whether a socket's peer is on this machine. */
export const isLoopback = (address: string | undefined) =>
  address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback"

/** Caches parsed addresses. Parsing is the slow part, and most requests come from few addresses. */
const seen = new Map<string, string>()

function plain(hop: string) {
  const known = seen.get(hop)
  if (known !== undefined) return known
  if (seen.size >= 1000) seen.clear()
  const address = parsePlain(hop)
  if (hop.length <= 64) seen.set(hop, address)
  return address
}

// Some proxies add the port; a dual-stack socket writes ::ffff:10.0.0.1.
function parsePlain(hop: string) {
  const bare = hop.replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : bare
}
