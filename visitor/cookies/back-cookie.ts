import "server-only"
import { knownDatabaseTime } from "#lib/adapters/database/time.ts"
import { readSigned, sign } from "#lib/adapters/secrets.ts"
import { COOKIES } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { type Answer, cookieOf, type LinkRequest, setCookie } from "#visitor/exchange.ts"

const SECONDS = 30

/**
 * Redirects to the link's page, with a cookie that keeps the following GET from counting as a view.
 */
export function toPage(
  request: Pick<LinkRequest, "link" | "publicId">,
  query = "",
  cookies: Answer["headers"] = [],
): Answer {
  const { link, publicId } = request
  return {
    status: 303,
    headers: [
      ["Location", `${link}${query}`],
      ["Cache-Control", "no-store"],
      ...(publicId ? [setCookie(request, COOKIES.back, signBack(publicId), SECONDS)] : []),
      ...cookies,
    ],
    body: null,
  }
}

function signBack(publicId: Uint8Array) {
  const end = Math.floor(knownDatabaseTime().getTime() / 1000) + SECONDS
  return sign("back", `${Buffer.from(publicId).toString("base64url")}~${end}`)
}

/** Whether this fetch follows a redirect of the app to the page of this link. */
export function cameBack(request: LinkRequest, publicId: Uint8Array): boolean {
  const cookie = cookieOf(request, COOKIES.back)
  const [id, end] = readSigned("back", cookie)?.split("~") ?? []
  return (
    id === Buffer.from(publicId).toString("base64url") &&
    new Date(Number(end) * 1000) > knownDatabaseTime()
  )
}
