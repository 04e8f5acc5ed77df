import "server-only"
import { refused } from "#lib/claims/access/refusals.ts"
import { describePreview } from "#lib/claims/look/describe-file.ts"
import { preview } from "#lib/claims/look/preview.ts"
import { isUnfurler } from "#lib/claims/visitor/bots.ts"
import { isUuid } from "#lib/text/uuid.ts"
import { sourceOf, visitOf } from "#visitor/cookies/visit-cookies.ts"
import type { DrawFor } from "#visitor/draw.ts"
import { type Answer, isPrefetch, type LinkRequest, wantsJson } from "#visitor/exchange.ts"
import { fileHeaders } from "./answer-download.ts"

/**
 * GET /s/{token}/p/{fileId}: redirects to a URL of the store that shows the file inline. A HEAD
 * describes that file. Refused to prefetches and link previews, because no person looks at the
 * file.
 */
export async function answerPreview(
  request: LinkRequest,
  _draw: DrawFor,
  fileId: string,
): Promise<Answer> {
  const { publicId, cookies } = visitOf(request)
  if (!isUuid(fileId)) throw refused("missing")
  if (request.method === "HEAD") {
    const file = await describePreview(publicId, fileId, cookies)
    return { status: 200, headers: fileHeaders(file, "inline"), body: null }
  }
  if (isPrefetch(request) || isUnfurler(request.header("user-agent") ?? ""))
    throw refused("machine")
  const source = await sourceOf(request, publicId)
  const address = request.clientAddress
  const { url, expiresAt } = await preview({ publicId, fileId, cookies, source, address })
  const headers: Answer["headers"] = [
    ["Cache-Control", "no-store"],
    ["Referrer-Policy", "no-referrer"],
    ["Vary", "Accept"],
  ]
  if (!wantsJson(request))
    return { status: 302, headers: [["Location", url], ...headers], body: null }
  const body = JSON.stringify({ url, expiresAt })
  return { status: 200, headers: [["Content-Type", "application/json"], ...headers], body }
}
