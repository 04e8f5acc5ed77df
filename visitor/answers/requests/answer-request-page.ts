import "server-only"
import { COOKIES, newVisitId, signVisit } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { openRequest } from "#lib/rooms/requests/guest/open-request.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { NOT_AHEAD, statusOf, withHints } from "#visitor/answers/answer-page.ts"
import { sourceOf } from "#visitor/cookies/visit-cookies.ts"
import type { DrawFor } from "#visitor/draw.ts"
import {
  type Answer,
  cookieOf,
  isSpeculative,
  type LinkRequest,
  setCookie,
} from "#visitor/exchange.ts"
import { viewKind } from "#visitor/view-kind.ts"
import { proofsOf } from "./guest-of.ts"

/**
 * GET /r/{token}: the page of a request, with the statuses of a link's. Redirects the sender of its
 * one delivery to the receipt.
 */
export async function answerRequestPage(request: LinkRequest, draw: DrawFor): Promise<Answer> {
  const { publicId, visitId, proofs } = proofsOf(request)
  const kind = viewKind(request, publicId)
  const source = kind && (await sourceOf(request, publicId))
  const from = request.clientAddress
  const opened = await openRequest({ publicId, visitId, proofs, kind, source, from })
  if (opened.state === "delivered") return toReceipt(request)
  const page = opened.state === "request" ? opened : withHints(request, opened, publicId)
  const status = page.state === "request" ? 200 : statusOf(page)
  if (isSpeculative(request) && status === 200) return NOT_AHEAD
  const answer = draw(request).request(status, page)
  if (status !== 200) return answer
  const visit = signVisit(visitId ?? newVisitId())
  answer.headers.push(setCookie(request, COOKIES.visit, visit, TICKET_SECONDS))
  if (cookieOf(request, COOKIES.back) !== undefined)
    answer.headers.push(setCookie(request, COOKIES.back, ""))
  return answer
}

const toReceipt = ({ link }: LinkRequest): Answer => ({
  status: 303,
  headers: [
    ["Location", `${link}/receipt`],
    ["Cache-Control", "no-store"],
  ],
  body: null,
})
