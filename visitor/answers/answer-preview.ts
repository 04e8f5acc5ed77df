import "server-only"
import { isUnfurler } from "#lib/adapters/http/bots.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { refused } from "#lib/rooms/claims/access/refusals.ts"
import { describePreview } from "#lib/rooms/claims/look/describe-file.ts"
import { preview, previewAlone, thumbnail } from "#lib/rooms/claims/look/preview.ts"
import { sourceOf, visitOf } from "#visitor/cookies/visit-cookies.ts"
import type { DrawFor } from "#visitor/draw.ts"
import { type Answer, isNavigation, isPrefetch, type LinkRequest } from "#visitor/exchange.ts"
import { fileHeaders, TO_STORE, toStore } from "./answer-download.ts"

/**
 * GET /s/{token}/p/{fileId} redirects to a URL of the store that shows the file inline, and
 * /s/{token}/t/{fileId} to one of its thumbnail. A HEAD describes the file. A GET is refused to
 * prefetches and link previews, because no person looks at the file, and to a browser that would
 * show a view-only file without the page around it.
 */
export const answerPreview =
  (kind: "preview" | "thumbnail") =>
  async (request: LinkRequest, _draw: DrawFor, fileId: string): Promise<Answer> => {
    const { publicId, cookies } = visitOf(request)
    if (!isUuid(fileId)) throw refused("missing")
    if (request.method === "HEAD") {
      const file = await describePreview(publicId, fileId, cookies)
      return { status: 200, headers: fileHeaders(file, "inline"), body: null }
    }
    if (isPrefetch(request) || isUnfurler(request.header("user-agent") ?? ""))
      throw refused("machine")
    const source = await sourceOf(request, publicId)
    const asked = { publicId, fileId, cookies, source, address: request.clientAddress }
    if (kind === "preview") {
      const grant = isNavigation(request) ? await previewAlone(asked) : await preview(asked)
      return toStore(302, request, grant)
    }
    const { url } = await thumbnail(asked)
    return { status: 302, headers: [["Location", url], ...TO_STORE], body: null }
  }
