import "server-only"
import { refused } from "#lib/claims/access/refusals.ts"
import { thumbnail } from "#lib/claims/look/preview.ts"
import { isUnfurler } from "#lib/claims/visitor/bots.ts"
import { isUuid } from "#lib/text/uuid.ts"
import { sourceOf, visitOf } from "#visitor/cookies/visit-cookies.ts"
import type { DrawFor } from "#visitor/draw.ts"
import { type Answer, isPrefetch, type LinkRequest } from "#visitor/exchange.ts"

/** GET /s/{token}/t/{fileId}: redirects to a URL of the store with the thumbnail of a file. */
export async function answerThumbnail(
  request: LinkRequest,
  _draw: DrawFor,
  fileId: string,
): Promise<Answer> {
  const { publicId, cookies } = visitOf(request)
  if (!isUuid(fileId)) throw refused("missing")
  if (isPrefetch(request) || isUnfurler(request.header("user-agent") ?? ""))
    throw refused("machine")
  const source = await sourceOf(request, publicId)
  const { url } = await thumbnail({
    publicId,
    fileId,
    cookies,
    source,
    address: request.clientAddress,
  })
  return {
    status: 302,
    headers: [
      ["Location", url],
      ["Cache-Control", "no-store"],
      ["Referrer-Policy", "no-referrer"],
    ],
    body: null,
  }
}
