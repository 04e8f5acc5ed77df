import "server-only"

/** Set only by server/http/http-server.ts, which removes such a header that a client sends. */
const HEADER = "x-lapse-client-address"

/** The client's address, or "unknown" if Lapse's HTTP server is not in front (tests). */
export function clientAddress(headers: Pick<Headers, "get">): string {
  return headers.get(HEADER) ?? "unknown"
}
