import "server-only"
import { COOKIES } from "#lib/claims/proof.ts"
import { unlockLink } from "#lib/claims/unlock-link.ts"
import { ticketSeconds } from "#lib/env.ts"
import { type Answer, setCookie, type VisitorRequest } from "./exchange.ts"
import { answering, toPage } from "./refuse.ts"
import { tracesFor, visitOf } from "./visit-of.ts"

const MAX_BODY_BYTES = 16 * 1024

/** POST /s/{token}/unlock with the form field `password`: back to the page, open or with the error. */
export function answerUnlock(request: VisitorRequest): Promise<Answer> {
  if (request.method !== "POST") return Promise.resolve(toPage(request.token))
  return answering(request, async ({ token, clientAddress: address }) => {
    const { publicId } = visitOf(request)
    const form = new URLSearchParams(await request.readBody(MAX_BODY_BYTES))
    const password = form.get("password") ?? ""
    const traces = await tracesFor(request, publicId)
    const unlock = await unlockLink({ publicId, password, address, traces })
    if (unlock === null) return toPage(token, "?error=password")
    return toPage(token, "", [setCookie(token, COOKIES.unlock, unlock, ticketSeconds())])
  })
}
