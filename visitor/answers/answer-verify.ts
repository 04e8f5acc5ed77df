import "server-only"
import { askForCode, CODE_MINUTES } from "#lib/rooms/claims/verify/mail-code.ts"
import { verifyLink } from "#lib/rooms/claims/verify/verify-link.ts"
import { COOKIES, signCodeMail } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { toPage } from "#visitor/cookies/back-cookie.ts"
import { codeMailOf, sourceOf, visitOf } from "#visitor/cookies/visit-cookies.ts"
import type { DrawFor } from "#visitor/draw.ts"
import { type Answer, type LinkRequest, setCookie } from "#visitor/exchange.ts"
import { slowed } from "./answer-unlock.ts"

const MAX_BODY_BYTES = 16 * 1024

/**
 * POST /s/{token}/code with the form field `email`, or without for the link's address, mails a
 * code; POST /s/{token}/verify takes it in the field `code`. Both redirect to the page. The answer
 * is the same whatever the address is, and for a link that needs no code.
 */
export async function answerVerify(request: LinkRequest, draw: DrawFor): Promise<Answer> {
  const { publicId } = visitOf(request)
  if (request.method !== "POST") return toPage(request)
  const form = new URLSearchParams(await request.readBody(MAX_BODY_BYTES))
  const { clientAddress: address } = request
  try {
    if (request.path.endsWith("/code")) {
      const id = await askForCode({ publicId, email: form.get("email") || null, address })
      return toPage(request, "", [
        setCookie(request, COOKIES.code, signCodeMail(id), CODE_MINUTES * 60),
      ])
    }
    const source = await sourceOf(request, publicId)
    const mailId = codeMailOf(request)
    const code = form.get("code") ?? ""
    const unlock = await verifyLink({ publicId, mailId, code, address, source })
    if (unlock === null) return toPage(request, "?error=code")
    return toPage(request, "", [
      setCookie(request, COOKIES.unlock, unlock, TICKET_SECONDS),
      setCookie(request, COOKIES.code, ""),
    ])
  } catch (error) {
    return slowed(error, request, draw)
  }
}
