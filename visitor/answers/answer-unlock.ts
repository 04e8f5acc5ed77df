import "server-only"
import { Refusal } from "#lib/adapters/errors.ts"
import {
  KNOWN_BROWSER_SECONDS,
  readKnownBrowser,
  signKnownBrowser,
} from "#lib/rooms/accounts/sign-in/known-browser.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { unlockLink } from "#lib/rooms/claims/open/unlock-link.ts"
import { COOKIES } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { withHints } from "#visitor/answers/answer-page.ts"
import { toPage } from "#visitor/cookies/back-cookie.ts"
import { sourceOf, visitOf } from "#visitor/cookies/visit-cookies.ts"
import type { DrawFor } from "#visitor/draw.ts"
import { type Answer, cookieOf, type LinkRequest, setCookie, wantsJson } from "#visitor/exchange.ts"

const MAX_BODY_BYTES = 16 * 1024

/**
 * POST /s/{token}/unlock with the form field `password`: redirects to the page, which is then open
 * or shows the error.
 */
export async function answerUnlock(request: LinkRequest, draw: DrawFor): Promise<Answer> {
  const { publicId, cookies } = visitOf(request)
  if (request.method !== "POST") return toPage(request)
  const form = new URLSearchParams(await request.readBody(MAX_BODY_BYTES))
  const password = form.get("password") ?? ""
  const source = await sourceOf(request, publicId)
  const { clientAddress: address } = request
  const link = { kind: "link", id: Buffer.from(publicId).toString("base64url") } as const
  const known = cookieOf(request, COOKIES.known)
  try {
    const knownBrowser = readKnownBrowser(link, known)
    const unlock = await unlockLink({
      publicId,
      password,
      unlock: cookies.unlock,
      address,
      knownBrowser,
      source,
    })
    if (unlock === null) return toPage(request, "?error=password")
    return toPage(request, "", [
      setCookie(request, COOKIES.unlock, unlock, TICKET_SECONDS),
      setCookie(request, COOKIES.known, signKnownBrowser(link, known), KNOWN_BROWSER_SECONDS),
    ])
  } catch (error) {
    return slowed(error, request, draw)
  }
}

/**
 * The locked page with the time until which a visitor who tried too often has to wait before the
 * next attempt. Throws any other error.
 */
export async function slowed(error: unknown, request: LinkRequest, draw: DrawFor): Promise<Answer> {
  const isSlowed = error instanceof Refusal && error.code === "too_many"
  if (!isSlowed || wantsJson(request)) throw error
  const seconds = error.retryAfterSeconds ?? 1
  const { publicId, ...visit } = visitOf(request)
  const opened = await openLink({ publicId, ...visit, kind: null, source: null })
  const page = withHints(request, opened, publicId)
  if (page.state !== "locked") return toPage(request)
  const retryAt = new Date(page.now.getTime() + seconds * 1000)
  const answer = draw(request).link(429, request.token, { ...page, retryAt })
  answer.headers.push(["Retry-After", String(seconds)])
  return answer
}
