import "server-only"
import { refused } from "#lib/claims/grant.ts"
import { readProof } from "#lib/claims/proof.ts"
import { tracesOf } from "#lib/claims/traces.ts"
import { readLinkToken } from "#lib/secrets.ts"
import { cookieOf, type VisitorRequest } from "./exchange.ts"

/** Which link a request is about and what its visitor proves. Refuses an altered token before any query. */
export function visitOf(request: VisitorRequest) {
  const publicId = readLinkToken(request.token)
  if (!publicId) throw refused("unknown")
  return { publicId, proof: readProof((name) => cookieOf(request, name)) }
}

/** What an event may keep of a request. */
export function tracesFor(request: VisitorRequest, publicId: Uint8Array) {
  return tracesOf({
    userAgent: request.header("user-agent") ?? "",
    referrer: request.header("referer") ?? "",
    address: request.clientAddress,
    publicId,
  })
}
