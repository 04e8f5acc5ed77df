import ipaddr from "ipaddr.js"

/** Returns the part of an address that a client cannot easily change: IPv4's /32, IPv6's /64. */
export function addressPrefix(address: string): string {
  const parsed = parse(address)
  if (!parsed) return "unknown"
  return parsed.kind() === "ipv4" ? parsed.toString() : `${ipv6Network(parsed, 64)}/64`
}

/** The network of an address: an IPv6 /48, of one customer; an IPv4 /24, of many customers. */
export function addressNetwork(address: string): string {
  const parsed = parse(address)
  if (!parsed) return "unknown"
  if (parsed.kind() === "ipv6") return `${ipv6Network(parsed, 48)}/48`
  return `${ipaddr.IPv4.networkAddressFromCIDR(`${parsed.toString()}/24`).toString()}/24`
}

/** The /48 of an IPv6 address; null for IPv4, where a network does not belong to one client. */
export const countedNetwork = (address: string) =>
  parse(address)?.kind() === "ipv6" ? addressNetwork(address) : null

const parse = (address: string) => (ipaddr.isValid(address) ? ipaddr.process(address) : null)

const ipv6Network = (address: ipaddr.IPv4 | ipaddr.IPv6, bits: number) =>
  ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()
