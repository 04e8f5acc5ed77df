import "server-only"
import { createHash } from "node:crypto"
import { type NextRequest, NextResponse } from "next/server"
import { z } from "zod"
import { parse, readJson, readOptionalJson, readQuery } from "#lib/adapters/http/input.ts"
import { TEAM_HEADER, TEAM_QUERY } from "#lib/adapters/http/owner-path.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isAdmin, isAuditor, type SessionMember } from "#lib/rooms/accounts/member.ts"
import { sessionOver } from "#lib/rooms/accounts/sign-in/session.ts"
import { memberOfToken } from "#lib/rooms/accounts/tokens/member-of-token.ts"
import { withAddress } from "#lib/rooms/audit/origin.ts"
import { answerError } from "#lib/web/answer-error.ts"
import { requireOwnOrigin } from "#lib/web/forms/own-origin.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { languageOf } from "#lib/web/reader-language.ts"
import { memberOfCookie } from "#lib/web/sign-in/current-session.ts"
import { bearerOf } from "#lib/web/sign-in/has-session.ts"
import { readSessionCookie, sessionCookieName } from "#lib/web/sign-in/session-cookie.ts"
import { wantsJson } from "#lib/web/wants-json.ts"
import { type Call, confirmsAlways, type Download, isRead } from "./call.ts"
import { areIds, findAmong } from "./find-call.ts"
import { runOnce } from "./idempotency.ts"
import { takePlace } from "./places.ts"
import { requireConfirmed } from "./require-confirmed.ts"
import { requireScope } from "./require-scope.ts"

/**
 * Makes the one route of `/api/v1`. It checks the session, and that a write comes from the app's own
 * pages, or the token and its scope; then who may, the confirmation, and the input, in this order. It
 * answers a Refusal or a bug as problem details. Nothing of a bug reaches the client.
 */
export function serve(calls: readonly Call[]) {
  const find = findAmong(calls)
  const answer = async (request: NextRequest): Promise<Response> => {
    const found = find(request.nextUrl.pathname.slice("/api/v1".length))
    const call = found?.byMethod.get(request.method)
    let locale: Locale | undefined
    try {
      if (!found) throw refusal("not_found", "nothing")
      if (!call) throw refusal("wrong_method", "method")
      const member = await caller(request, call)
      locale = languageOf(member, request.headers)
      if (!areIds(found.params)) throw refusal("not_found", "nothing")
      const asked = { params: found.params, member, locale, request }
      const address = clientAddress(request.headers)
      return await withAddress(address, () => run(call, asked), member)
    } catch (error) {
      const problem = answerError(error, request, locale)
      if (found && !call) problem.headers.set("Allow", [...found.byMethod.keys()].join(", "))
      return problem
    }
  }
  return { GET: answer, HEAD: answer, POST: answer, PATCH: answer, DELETE: answer }
}

async function caller(request: NextRequest, call: Call): Promise<SessionMember | null> {
  if (call.by === "anyone") {
    if (request.headers.has("origin")) requireOwnOrigin(request.headers)
    return null
  }
  // A token wins over a cookie, which a browser adds by itself. No page of another site can add one.
  const bearer = bearerOf(request.headers.get("authorization"))
  const team = teamAsked(request, call)
  if (bearer !== null && team !== null)
    throw refusal("invalid", "team_of_token", {}, { field: TEAM_HEADER })
  if (bearer !== null)
    return requireScope(call, await memberOfToken(bearer, clientAddress(request.headers)))
  const cookie = request.cookies.get(sessionCookieName())?.value
  const member = await memberOfCookie(cookie, team)
  if (!member) throw await sessionOver(await readSessionCookie(cookie))
  if (!isRead(call)) requireOwnOrigin(request.headers)
  return member
}

/** The team that a call names, by its slug. An address alone never changes something for a team. */
const teamAsked = (request: NextRequest, call: Call) =>
  request.headers.get(TEAM_HEADER) ??
  (isRead(call) ? request.nextUrl.searchParams.get(TEAM_QUERY) : null)

function queryOf(request: NextRequest, call: Call) {
  const { [TEAM_QUERY]: team, ...query } = readQuery(request)
  return isRead(call) || team === undefined ? query : { ...query, [TEAM_QUERY]: team }
}

type Asking = Pick<Parameters<Call["run"]>[0], "member" | "params" | "locale"> & {
  request: NextRequest
}

async function run(call: Call, asking: Asking): Promise<Response> {
  const { request } = asking
  const { confirm } = call
  requireAllowed(call, asking.member)
  const query = call.query && parse(call.query, queryOf(request, call))
  const readBody = call.bodyOptional ? readOptionalJson : readJson
  const body = call.body && parse(call.body, await readBody(request))
  const needsConfirm = typeof confirm === "object" && "when" in confirm && confirm.when(body)
  if (asking.member && needsConfirm) requireConfirmed(asking.member)
  const { member: asker } = asking
  const { leave, waited } = await takePlace(
    call,
    asker ? { member: asker.id } : { address: clientAddress(request.headers) },
  )
  // What only reads ends with its client; what changes something, such as access, is finished.
  if (isRead(call) && request.signal.aborted) {
    leave()
    return new Response(null, { status: 499 })
  }
  const reply = new NextResponse(null, { headers: { "Cache-Control": "no-store" } })
  try {
    const member = waited ? await callerAgain(request, call) : asking.member
    const result = await runOnce(call, { ...asking, member, query, body, reply })
    return toResponse(call, { result, request, headers: reply.headers, leave })
  } catch (error) {
    leave()
    throw error
  }
}

function requireAllowed(call: Call, member: SessionMember | null) {
  const { by } = call
  if (by === "anyone") return
  if (!member) throw refusal("signed_out", "signed_out")
  if (by !== "session" && member.needsFactor)
    throw refusal("second_factor_required", "factor_first")
  if ((by === "admin" && !isAdmin(member)) || (by === "auditor" && !isAuditor(member)))
    throw refusal("forbidden", "admins_only")
  if (confirmsAlways(call)) requireConfirmed(member)
}

/** While a call waited, the session may have ended and the member's role may have changed. */
async function callerAgain(request: NextRequest, call: Call): Promise<SessionMember | null> {
  const member = await caller(request, call)
  requireAllowed(call, member)
  return member
}

type Done = { result: unknown; request: NextRequest; headers: Headers; leave: () => void }

function toResponse(call: Call, { result, request, headers, leave }: Done): Response {
  const { gives, creates, status = creates ? 201 : 200 } = call
  if (!(gives instanceof z.ZodType)) {
    const { name, body } = result as Download // as the declaration says
    headers.set("Content-Type", gives.type)
    headers.set("Content-Disposition", `attachment; filename="${name}"`)
    if (typeof body !== "string" && request.method !== "HEAD")
      return new Response(body(leave), { headers })
    leave()
    return new Response(typeof body === "string" ? body : null, { headers })
  }
  leave()
  if (gives instanceof z.ZodVoid) return new Response(null, { status: 204, headers })
  if (call.redirects) {
    headers.set("Vary", "Accept")
    headers.set("Referrer-Policy", "no-referrer")
    const { url } = result as { url: string } // as the declaration says
    if (!wantsJson(request)) {
      headers.set("Location", url)
      return new Response(null, { status: 302, headers })
    }
  }
  const text = JSON.stringify(result)
  if (call.etag) {
    const etag = etagOf(text)
    headers.set("ETag", etag)
    if (request.headers.get("if-none-match") === etag)
      return new Response(null, { status: 304, headers })
  }
  headers.set("Content-Type", "application/json")
  const code = typeof status === "function" ? status(result) : status
  return new Response(text, { status: code, headers })
}

/** It is weak, so that a proxy which compresses answers keeps it. */
const etagOf = (text: string) =>
  `W/"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`
