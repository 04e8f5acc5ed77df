import "server-only"
import { unlockLink } from "#lib/claims/unlock-link.ts"
import { COOKIES } from "#lib/claims/visitor-cookies.ts"
import { ticketSeconds } from "#lib/settings.ts"
import { type Answer, setCookie, type VisitorRequest } from "./exchange.ts"
import { answering, toPage } from "./refuse.ts"
import { sourceOf, visitOf } from "./visit-of.ts"

const MAX_BODY_BYTES = 16 * 1024

/** POST /s/{token}/unlock with the form field `password`: back to the page, open or with the error. */
export function answerUnlock(request: VisitorRequest): Promise<Answer> {
  if (request.method !== "POST") return Promise.resolve(toPage(request.token))
  return answering(request, async ({ token, clientAddress: address }) => {
    const { publicId } = visitOf(request)
    const form = new URLSearchParams(await request.readBody(MAX_BODY_BYTES))
    const password = form.get("password") ?? ""
    const source = await sourceOf(request, publicId)
    const unlock = await unlockLink({ publicId, password, address, source })
    if (unlock === null) return toPage(token, "?error=password")
    return toPage(token, "", [setCookie(token, COOKIES.unlock, unlock, ticketSeconds())])
  })
}
