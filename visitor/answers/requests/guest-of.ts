import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { refused } from "#lib/rooms/claims/access/refusals.ts"
import {
  COOKIES,
  readTicket,
  readVisitorCookies,
} from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { cookieOf, type LinkRequest } from "#visitor/exchange.ts"

/** The request of a link and what its cookies prove. Refuses an unknown address. */
export function proofsOf(request: LinkRequest) {
  const { publicId } = request
  if (!publicId) throw refused("unknown")
  const cookie = (name: string) => cookieOf(request, name)
  const { visitId, unlock } = readVisitorCookies(cookie)
  const delivery = readTicket(cookie(COOKIES.delivery), "delivery")
  return { publicId, visitId, proofs: { unlock, delivery } }
}

/**
 * Refuses (forbidden) a write that another site's page sends with a guest's cookies. Programs send
 * no Origin.
 */
export function requireOwnPage({ header }: Pick<LinkRequest, "header">): void {
  const [origin, site] = [header("origin"), header("sec-fetch-site")]
  const isOwn = origin === undefined || origin === new URL(configuration.APP_URL).origin
  if (isOwn && (site === undefined || site === "same-origin" || site === "none")) return
  throw refusal("forbidden", "other_origin", { origin: configuration.APP_URL })
}
