import "server-only"
import type { Grant } from "#lib/claims/grant.ts"
import { COOKIES, signTicket } from "#lib/claims/visitor-cookies.ts"
import { setCookie } from "./exchange.ts"

/** The cookie that hands out a grant's ticket, if it has one. */
export function ticketCookie(token: string, { ticket, signedAt }: Grant): [string, string][] {
  if (!ticket) return []
  const seconds = (ticket.expiresAt.getTime() - signedAt.getTime()) / 1000
  return [setCookie(token, COOKIES.ticket, signTicket(ticket), seconds)]
}
