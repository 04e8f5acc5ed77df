import "server-only"
import { refused } from "#lib/claims/access/refusals.ts"
import { claim } from "#lib/claims/claim/claim.ts"
import type { Click } from "#lib/claims/claim/click.ts"
import type { Grant } from "#lib/claims/grant.ts"
import { isUnfurler } from "#lib/claims/visitor/bots.ts"
import { isPrefetch, type LinkRequest } from "#visitor/exchange.ts"

/**
 * A GET of a direct link is a claim. Refuses (not_direct) a prefetch and an unfurler, which no
 * person waits for, and the middle of a file, which belongs to an earlier claim; refuses as `claim`
 * does.
 */
export async function claimDirect(
  request: LinkRequest,
  click: Omit<Click, "directOnly">,
): Promise<Grant> {
  if (
    asksForMiddle(request) ||
    isPrefetch(request) ||
    isUnfurler(request.header("user-agent") ?? "")
  ) {
    throw refused("not_direct")
  }
  return claim({ ...click, directOnly: true })
}

/** Of a range that a store does not understand it sends the whole file (RFC 9110). */
function asksForMiddle(request: LinkRequest) {
  const range = request.header("range")?.replace(/\s/g, "") ?? ""
  return /^bytes=/i.test(range) && !/^bytes=0+-/i.test(range)
}
