import "server-only"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { COOKIES, newVisitId, signVisit } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { readAsked } from "#visitor/cookies/asked-cookie.ts"
import { codeMailOf, sourceOf, visitOf } from "#visitor/cookies/visit-cookies.ts"
import type { DrawFor } from "#visitor/draw.ts"
import {
  type Answer,
  cookieOf,
  isSpeculative,
  type LinkRequest,
  NO_STORE,
  setCookie,
} from "#visitor/exchange.ts"
import { viewKind } from "#visitor/view-kind.ts"
import { listingOf } from "./listing.ts"

/**
 * GET /s/{token}: the page, with status 200, 404 for an unknown link or 410 for one that no longer
 * opens.
 */
export async function answerPage(request: LinkRequest, draw: DrawFor): Promise<Answer> {
  const { publicId, cookies } = visitOf(request)
  const kind = viewKind(request, publicId)
  const source = kind && (await sourceOf(request, publicId))
  const listing = listingOf(request)
  const opening = { publicId, cookies, kind, source, from: request.clientAddress }
  const page = withHints(request, await openLink(opening, listing), publicId)
  if (isSpeculative(request) && statusOf(page) === 200) return NOT_AHEAD
  const answer = draw(request).link(statusOf(page), request.token, page, listing)
  if (answer.status === 200) {
    const visit = signVisit(cookies.visitId ?? newVisitId())
    answer.headers.push(setCookie(request, COOKIES.visit, visit, TICKET_SECONDS))
    const isAnswered = !("asking" in page)
    for (const name of isAnswered ? [COOKIES.back, COOKIES.asked] : [COOKIES.back]) {
      if (cookieOf(request, name) !== undefined) answer.headers.push(setCookie(request, name, ""))
    }
  }
  return answer
}

/**
 * Refuses a browser that fetches or renders the page ahead, so that it requests the page again when
 * a person opens it. A prefetched page would open without a request, and the view would never
 * count.
 */
export const NOT_AHEAD: Answer = { status: 403, headers: [NO_STORE], body: null }

export function statusOf({ state }: LinkPage): number {
  if (state === "unknown") return 404
  return state === "revoked" || state === "expired" || state === "used_up" ? 410 : 200
}

/**
 * The tolerance for the cookie's time, which has whole seconds of this process's estimate of the
 * database's time.
 */
const ASKED_LATE_MS = 2_000

const ERRORS = ["password", "code"] as const

/**
 * Adds the hints of redirects within the app: for a locked page the error and the end of the wait
 * from the query, and whether this browser asked for a code, for one without files the time of the visitor's question from the cookie.
 */
export function withHints(request: LinkRequest, page: LinkPage, publicId: Uint8Array): LinkPage {
  if ("asking" in page) {
    const askedAt = readAsked(request, publicId)
    // The link has been open since the question, so it has been answered.
    if (!askedAt || (page.at && page.at.getTime() > askedAt.getTime() + ASKED_LATE_MS)) return page
    return { ...page, asking: { ...page.asking, askedAt } }
  }
  if (page.state !== "locked") return page
  const { query } = request
  const until = new Date(query.get("until") ?? Number.NaN)
  return {
    ...page,
    code: page.code && { ...page.code, isSent: codeMailOf(request) !== null },
    error: ERRORS.find((error) => error === query.get("error")) ?? null,
    retryAt: until > page.now ? until : null,
  }
}
