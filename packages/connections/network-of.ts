/**
 * The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address. Takes an
 * address in the form of a Node socket's peer.
 */
export function networkOf(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  if (mapped !== undefined) return mapped
  if (!address.includes(":")) return address
  const [before = "", after] = address.replace(/%.*$/, "").split("::")
  const [first, last] = [before, after ?? ""].map((part) => part.split(":").filter(Boolean))
  const zeros = Array<string>(8 - (first?.length ?? 0) - (last?.length ?? 0)).fill("0")
  const groups = [...(first ?? []), ...(after === undefined ? [] : zeros), ...(last ?? [])]
  return `${groups.slice(0, 4).join(":")}::/64`
}
