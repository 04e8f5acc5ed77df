import "server-only"

/** Set by server/http/http-server.ts alone, which strips what a client sends under this name. */
const HEADER = "x-lapse-client-address"

/** The client's address, or "unknown" where our server is not in front (tests). */
export function clientAddress(headers: Pick<Headers, "get">): string {
  return headers.get(HEADER) ?? "unknown"
}
