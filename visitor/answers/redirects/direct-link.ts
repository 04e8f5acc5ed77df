import "server-only"
import { isUnfurler } from "#lib/adapters/http/bots.ts"
import { refused } from "#lib/rooms/claims/access/refusals.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import type { Click } from "#lib/rooms/claims/claim/click.ts"
import type { Grant } from "#lib/rooms/claims/grant.ts"
import { isPrefetch, type LinkRequest } from "#visitor/exchange.ts"

/**
 * Claims by the GET of a direct link. Refuses (not_direct) prefetches and link previews, which are
 * not requests of a person, and ranges that do not start at the first byte, which belong to an
 * earlier claim; also refuses as `claim` does.
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

/** A store sends the whole file for a range that it does not understand (RFC 9110). */
function asksForMiddle(request: LinkRequest) {
  const range = request.header("range")?.replace(/\s/g, "") ?? ""
  return /^bytes=/i.test(range) && !/^bytes=0+-/i.test(range)
}
