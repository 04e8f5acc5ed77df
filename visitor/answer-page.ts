import "server-only"
import type { LinkPage } from "#lib/claims/link-page.ts"
import { openLink } from "#lib/claims/open-link.ts"
import { COOKIES, newVisitId, signVisit } from "#lib/claims/visitor-cookies.ts"
import { ticketSeconds } from "#lib/settings.ts"
import { readAsked } from "./asked-cookie.ts"
import type { DrawFor } from "./draw.ts"
import { type Answer, cookieOf, type LinkRequest, setCookie } from "./exchange.ts"
import { viewKind } from "./view-kind.ts"
import { sourceOf, visitOf } from "./visit.ts"

/**
 * GET /s/{token}: the page with its status: 200, 404 for an unknown link, 410 for one that is over.
 */
export async function answerPage(request: LinkRequest, draw: DrawFor): Promise<Answer> {
  const { publicId, cookies } = visitOf(request)
  const kind = viewKind(request, publicId)
  const source = kind && (await sourceOf(request, publicId))
  const page = withHints(request, await openLink({ publicId, cookies, kind, source }), publicId)
  const q = (request.query.get("q") ?? "").slice(0, 200)
  const answer = draw(request).link(statusOf(page), request.token, page, q)
  if (answer.status === 200) {
    const visit = signVisit(cookies.visitId ?? newVisitId())
    answer.headers.push(setCookie(request.token, COOKIES.visit, visit, ticketSeconds()))
    for (const name of [COOKIES.back, COOKIES.asked]) {
      if (cookieOf(request, name) !== undefined)
        answer.headers.push(setCookie(request.token, name, ""))
    }
  }
  return answer
}

function statusOf({ state }: LinkPage): number {
  if (state === "unknown") return 404
  return state === "open" || state === "locked" || state === "scheduled" ? 200 : 410
}

/**
 * What our own redirects add: to the address of a locked page the error, and until when to wait; to
 * the cookies of one that is over, when the visitor asked.
 */
function withHints(request: LinkRequest, page: LinkPage, publicId: Uint8Array): LinkPage {
  if ("asking" in page) {
    const askedAt = readAsked(request, publicId)
    // It was open since: that question has had its answer.
    if (!askedAt || (page.at && page.at > askedAt)) return page
    return { ...page, asking: { ...page.asking, askedAt } }
  }
  if (page.state !== "locked") return page
  const { query } = request
  const until = new Date(query.get("until") ?? Number.NaN)
  return {
    ...page,
    error: query.get("error") === "password" ? "password" : null,
    retryAt: until > page.now ? until : null,
  }
}
