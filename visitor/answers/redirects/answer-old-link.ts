import "server-only"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { findOldLink } from "#lib/rooms/claims/old-links/find-old-link.ts"
import { hasOldLinks } from "#lib/rooms/claims/old-links/known-old-links.ts"
import { answerRefusals, unknownAddress } from "#visitor/answers/answer-refusal.ts"
import type { DrawFor } from "#visitor/draw.ts"
import { type Answer, NO_STORE, type VisitorRequest } from "#visitor/exchange.ts"

/** The addresses of links in the apps that can be imported. */
const OLD_ADDRESS = /^\/(?:s|share)\/([A-Za-z0-9_-]{1,64})$/

/**
 * GET of an address that an imported app gave to a share: redirects to the share's link. Null for
 * any other address, and for all of them while nothing was imported.
 */
export async function answerOldLink(
  request: VisitorRequest,
  draw: DrawFor,
): Promise<Answer | null> {
  const [, id] = OLD_ADDRESS.exec(request.path) ?? []
  if (id === undefined || !hasOldLinks() || readLinkToken(id)) return null
  if (request.method !== "GET" && request.method !== "HEAD") return null
  return answerRefusals(
    { ...request, token: id, link: `/s/${id}`, publicId: null },
    draw,
    async () => {
      const token = await findOldLink(id, request.clientAddress)
      if (token === null) return unknownAddress(request, draw)
      return { status: 302, headers: [["Location", `/s/${token}`], NO_STORE], body: null }
    },
  )
}
