import "server-only"
import type { Refusal } from "#lib/adapters/errors.ts"
import { isUnfurler } from "#lib/adapters/http/bots.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { refusalOf } from "#lib/adapters/outages/refusal-of.ts"
import { sayRefusal } from "#lib/adapters/text/sentences.ts"
import { refused } from "#lib/rooms/claims/access/refusals.ts"
import type { ClosedPage, LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { ask } from "#lib/rooms/questions/ask.ts"
import { Note } from "#lib/rooms/questions/note.ts"
import { askedCookie } from "#visitor/cookies/asked-cookie.ts"
import { toPage } from "#visitor/cookies/back-cookie.ts"
import { sourceOf, visitOf } from "#visitor/cookies/visit-cookies.ts"
import type { DrawFor } from "#visitor/draw.ts"
import { type Answer, isPrefetch, type LinkRequest, wantsJson } from "#visitor/exchange.ts"
import { localeOf } from "#visitor/language/language.ts"
import { inSentences } from "./answer-refusal.ts"

const MAX_BODY_BYTES = 16 * 1024

/**
 * POST /s/{token}/ask with the form field `note`: sends a note to the owner of a link that is closed
 * or has no files, then redirects to the page. A refusal shows the page with the note.
 */
export async function answerAsk(request: LinkRequest, draw: DrawFor): Promise<Answer> {
  const { publicId, cookies } = visitOf(request)
  const { method, clientAddress: address } = request
  if (method !== "POST") return toPage(request)
  if (isPrefetch(request) || isUnfurler(request.header("user-agent") ?? "")) {
    throw refused("no_person")
  }
  const written = new URLSearchParams(await request.readBody(MAX_BODY_BYTES)).get("note") ?? ""
  try {
    const note = parse(Note, written)
    const source = await sourceOf(request, publicId)
    const isAsked = await ask({ publicId, cookies, note, address, source })
    return isAsked ? toPage(request, "#asked", [askedCookie(request, publicId)]) : toPage(request)
  } catch (error) {
    const refusal = wantsJson(request) ? null : refusalOf(error)
    if (!refusal || refusal.code === "not_found") throw error
    return withNote(request, draw, { note: written, refusal })
  }
}

type Unsent = { note: string; refusal: Refusal }

/** The page with the visitor's note, and the reason why it was not sent. */
async function withNote(request: LinkRequest, draw: DrawFor, { note, refusal }: Unsent) {
  const page = await findPage(request)
  if (page?.state === "unknown") throw refused("unknown")
  if (page && !isClosed(page)) return toPage(request)
  const answer = page
    ? draw(request).link(refusal.status, request.token, unsent(page, note, refusal))
    : draw(request).message(refusal.status, {
        ...inSentences(sayRefusal(refusal, localeOf(request))),
        unsent: { token: request.token, note },
      })
  const { retryAfterSeconds: seconds } = refusal
  if (seconds !== undefined) answer.headers.push(["Retry-After", String(seconds)])
  return answer
}

/** Null during an outage of the database: then the note is shown on another page. */
async function findPage(request: LinkRequest): Promise<LinkPage | null> {
  try {
    return await openLink({
      ...visitOf(request),
      kind: null,
      source: null,
      from: request.clientAddress,
    })
  } catch (error) {
    if (refusalOf(error)) return null
    throw error
  }
}

const isClosed = (page: LinkPage): page is ClosedPage => "asking" in page

function unsent(page: ClosedPage, note: string, { code, retryAfterSeconds }: Refusal): ClosedPage {
  const retryAt =
    code === "too_many" ? new Date(page.now.getTime() + (retryAfterSeconds ?? 1) * 1000) : null
  const problem = retryAt ? null : code === "invalid" ? "too_long" : "unavailable"
  return { ...page, asking: { askedAt: null, note, problem, retryAt } }
}
