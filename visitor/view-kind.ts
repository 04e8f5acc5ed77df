import "server-only"
import { isDiskFull } from "#lib/adapters/host/disk-room.ts"
import { isBot } from "#lib/adapters/http/bots.ts"
import type { ViewKind } from "#lib/rooms/claims/open/open-link.ts"
import { cameBack } from "./cookies/back-cookie.ts"
import { isPrefetch, type LinkRequest } from "./exchange.ts"

/** Parameters of a page that shows part of, or a variant of, a page that was already counted. */
const NO_VIEW = ["part", "after", "q", "lang"]

/**
 * Decides how a request counts: a person's fetch of the page as a document is a view. Bots,
 * prefetches and HEADs are counted separately; the GET after a redirect of the app is not counted.
 * While the disk is full nothing is counted: views would use up the space that is reserved for
 * revocations.
 */
export function viewKind(request: LinkRequest, publicId: Uint8Array): ViewKind {
  if (isDiskFull()) return null
  const { header, method, query } = request
  if (method === "HEAD" || isPrefetch(request) || isBot(header("user-agent") ?? ""))
    return "bot_view"
  if (cameBack(request, publicId) || NO_VIEW.some((name) => query.has(name))) return null
  // On plain http outside localhost there are no Sec-Fetch headers.
  const destination = header("sec-fetch-dest") ?? "document"
  const accepted = header("accept") ?? "*/*"
  return destination === "document" && /text\/html|\*\/\*/i.test(accepted) ? "view" : null
}
