import "server-only"
import { knownDatabaseTime } from "#lib/adapters/database/time.ts"
import { readSigned, sign } from "#lib/adapters/secrets.ts"
import { COOKIES } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { cookieOf, type LinkRequest, setCookie } from "#visitor/exchange.ts"

const SECONDS = 7 * 24 * 3600

/** The cookie that records that this browser has just asked for the link to be opened again. */
export function askedCookie(request: Pick<LinkRequest, "link">, publicId: Uint8Array) {
  const now = Math.floor(knownDatabaseTime().getTime() / 1000)
  const value = `${Buffer.from(publicId).toString("base64url")}~${now}`
  return setCookie(request, COOKIES.asked, sign("asked", value), SECONDS)
}

/** When this browser last asked for the link to be opened again, or null. */
export function readAsked(request: LinkRequest, publicId: Uint8Array): Date | null {
  const [id, at] = readSigned("asked", cookieOf(request, COOKIES.asked))?.split("~") ?? []
  if (id !== Buffer.from(publicId).toString("base64url")) return null
  return new Date(Number(at) * 1000)
}
