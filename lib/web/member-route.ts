import "server-only"
import { unstable_rethrow } from "next/navigation"
import type { NextRequest } from "next/server"
import { isAdmin, type SessionAdmin, type SessionMember } from "#lib/accounts/member.ts"
import { Refusal } from "#lib/errors.ts"
import { log } from "#lib/log.ts"
import { requireOwnOrigin } from "./own-origin.ts"
import { problem } from "./route.ts"
import { memberOfCookie } from "./session.ts"
import { sessionCookieName } from "./session-cookie.ts"

type Route<Context> = (request: NextRequest, context: Context) => Promise<Response>
type Handler<Who, Context> = (
  member: Who,
  request: NextRequest,
  context: Context,
) => Promise<Response>

/**
 * A call of the members' API: the session is checked, a write must come from our own pages, a Refusal or a bug is
 * answered as problem details. Nothing of a bug reaches the client.
 */
export function memberRoute<Context>(handler: Handler<SessionMember, Context>): Route<Context> {
  return async (request, context) => {
    try {
      return uncached(await handler(await caller(request), request, context))
    } catch (error) {
      return answerError(error, request)
    }
  }
}

/** The same for admins; to a member who is no admin the call is forbidden. */
export function adminRoute<Context>(handler: Handler<SessionAdmin, Context>): Route<Context> {
  return memberRoute(async (member, request, context: Context) => {
    if (!isAdmin(member)) throw new Refusal("forbidden", "Only an admin may do this.")
    return handler(member, request, context)
  })
}

async function caller(request: NextRequest): Promise<SessionMember> {
  if (/^bearer\b/i.test(request.headers.get("authorization") ?? "")) {
    throw new Refusal("signed_out", "API tokens are not available in this version.")
  }
  const member = await memberOfCookie(request.cookies.get(sessionCookieName())?.value)
  if (!member) throw new Refusal("signed_out", "You are signed out. Sign in to go on.")
  if (!["GET", "HEAD"].includes(request.method)) requireOwnOrigin(request.headers)
  return member
}

function uncached(response: Response) {
  if (!response.headers.has("cache-control")) response.headers.set("Cache-Control", "no-store")
  return response
}

function answerError(error: unknown, request: NextRequest) {
  if (error instanceof Refusal) return problem(error)
  unstable_rethrow(error)
  // A request whose body is not JSON fails with this in request.json().
  if (error instanceof SyntaxError && request.bodyUsed) {
    return problem(new Refusal("invalid", "The body is not JSON."))
  }
  log.error({ error, method: request.method, path: request.nextUrl.pathname }, "an API call failed")
  const body = {
    type: "about:blank",
    code: "internal",
    title: "Something went wrong on our side. It was written to the log.",
    status: 500,
  }
  return Response.json(body, {
    status: 500,
    headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store" },
  })
}
