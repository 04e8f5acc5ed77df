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
  const { publicId } = visitOf(request)
  if (request.method !== "POST") return toPage(request)
  const form = new URLSearchParams(await request.readBody(MAX_BODY_BYTES))
  const password = form.get("password") ?? ""
  const source = await sourceOf(request, publicId)
  const { clientAddress: address } = request
  const link = { kind: "link", id: Buffer.from(publicId).toString("base64url") } as const
  const known = cookieOf(request, COOKIES.known)
  try {
    const knownBrowser = readKnownBrowser(link, known)
    const unlock = await unlockLink({ publicId, password, address, knownBrowser, source })
    if (unlock === null) return toPage(request, "?error=password")
    return toPage(request, "", [
      setCookie(request, COOKIES.unlock, unlock, TICKET_SECONDS),
      setCookie(request, COOKIES.known, signKnownBrowser(link, known), KNOWN_BROWSER_SECONDS),
    ])
  } catch (error) {
    if (error instanceof Refusal && error.code === "too_many" && !wantsJson(request))
      return slowed(request, draw, error.retryAfterSeconds ?? 1)
    throw error
  }
}

/** The locked page with the time until which the visitor has to wait before the next attempt. */
async function slowed(request: LinkRequest, draw: DrawFor, seconds: number): Promise<Answer> {
  const page = await openLink({ ...visitOf(request), kind: null, source: null })
  if (page.state !== "locked") return toPage(request)
  const retryAt = new Date(page.now.getTime() + seconds * 1000)
  const answer = draw(request).link(429, request.token, { ...page, retryAt })
  answer.headers.push(["Retry-After", String(seconds)])
  return answer
}
