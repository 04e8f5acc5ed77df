import "server-only"
import { refused } from "#lib/rooms/claims/access/refusals.ts"
import {
  COOKIES,
  readCodeMail,
  readVisitorCookies,
} from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { visitorSourceOf } from "#lib/rooms/claims/visitor/visitor-source.ts"
import { cookieOf, type LinkRequest } from "#visitor/exchange.ts"

/** The link of a request and its visitor's cookies. Refuses an altered token before any query. */
export function visitOf(request: LinkRequest) {
  const { publicId } = request
  if (!publicId) throw refused("unknown")
  return { publicId, cookies: readVisitorCookies((name) => cookieOf(request, name)) }
}

/** The attributes of the visitor that an event stores. */
export function sourceOf(request: LinkRequest, publicId: Uint8Array) {
  return visitorSourceOf({
    userAgent: request.header("user-agent") ?? "",
    referrer: request.header("referer") ?? "",
    address: request.clientAddress,
    publicId,
  })
}

/** The mail with the code that this browser asked for; null if it did not, or long ago. */
export const codeMailOf = (request: LinkRequest) => readCodeMail(cookieOf(request, COOKIES.code))
