import "server-only"
import { refused } from "#lib/claims/grant.ts"
import { tracesOf } from "#lib/claims/traces.ts"
import { readLinkToken } from "#lib/secrets.ts"
import type { VisitorRequest } from "./exchange.ts"

/** What an event may keep of this request. Refuses an altered token before any query. */
export async function tracesFor(request: VisitorRequest) {
  const publicId = readLinkToken(request.token)
  if (!publicId) throw refused("unknown")
  return tracesOf({
    userAgent: request.header("user-agent") ?? "",
    referrer: request.header("referer") ?? "",
    address: request.clientAddress,
    publicId,
  })
}
