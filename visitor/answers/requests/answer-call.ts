import "server-only"
import { readInTurn } from "#lib/adapters/host/read-in-turn.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { type GuestCall, isList, isRead } from "#lib/api/call.ts"
import { COOKIES, signTicket } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { DELIVERY_SECONDS } from "#lib/rooms/files/upload/delivery-seconds.ts"
import { type RequestGuest, requireGuest } from "#lib/rooms/requests/guest/guest.ts"
import type { Receipt } from "#lib/rooms/requests/request.ts"
import type { DrawFor } from "#visitor/draw.ts"
import {
  type Answer,
  type LinkRequest,
  readInput,
  setCookie,
  wantsJson,
} from "#visitor/exchange.ts"
import { localeOf } from "#visitor/language/language.ts"
import { proofsOf, requireOwnPage } from "./guest-of.ts"

/**
 * Makes the handler of a guest's call. It checks that a write comes from a page of Lapse, then the
 * guest and the input, in this order. A list waits for the turn of its reader.
 */
export const answerCall =
  (call: GuestCall) =>
  (request: LinkRequest, draw: DrawFor, file: string): Promise<Answer> => {
    if (!isList(call)) return run(call, request, draw, file)
    return readInTurn({ address: request.clientAddress }, async () =>
      request.isGone() ? { status: 400, headers: [], body: null } : run(call, request, draw, file),
    )
  }

async function run(call: GuestCall, request: LinkRequest, draw: DrawFor, file: string) {
  if (!isRead(call)) requireOwnPage(request)
  const { publicId, proofs } = proofsOf(request)
  const headers: Answer["headers"] = [["Cache-Control", "no-store"]]
  const keepTicket = ({ ticket }: RequestGuest) => {
    const value = signTicket(ticket, "delivery")
    headers.push(setCookie(request, COOKIES.delivery, value, DELIVERY_SECONDS))
  }
  const visit = { publicId, proofs, address: request.clientAddress, keepTicket }
  const result = await call.run({
    member: call.by === "guest" ? await requireGuest(publicId, proofs) : visit,
    params: { file },
    query: call.query && parse(call.query, Object.fromEntries(request.query)),
    body: call.body && parse(call.body, await readInput(request, call.maxBytes)),
    locale: localeOf(request),
  })
  if (result === undefined) return { status: 204, headers, body: null }
  if (call.isPage && !wantsJson(request)) return draw(request).receipt(result as Receipt) // the only page
  if (call.isPage) headers.push(["Vary", "Accept"])
  headers.push(["Content-Type", "application/json"])
  return { status: call.creates ? 201 : 200, headers, body: JSON.stringify(result) }
}
