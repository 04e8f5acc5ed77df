import { NextRequest } from "next/server"
import { sessionCookieName } from "#lib/web/sign-in/session-cookie.ts"
import { aSessionCookie } from "./builders/a-session.ts"

type Route = (
  request: NextRequest,
  context: { params: Promise<{ id: string }> },
) => Promise<Response>

type Call = {
  /** A member id, or null for a call without a session. */
  as: string | null
  method?: string
  id?: string
  query?: string
  body?: unknown
  headers?: Record<string, string>
}

/**
 * The cookies of members who called before: a test may cut off the database after the first call.
 */
const cookies = new Map<string, Promise<string>>()

/** Signs a member in for later calls. */
export function signIn(memberId: string): Promise<string> {
  const cookie = aSessionCookie(memberId)
  cookies.set(memberId, cookie)
  return cookie
}

/** Calls a route of the members' API with the headers that the app's own pages send. */
export async function callApi(route: Route, call: Call): Promise<Response> {
  const { as, method = "GET", id = "", query = "", body } = call
  const headers = new Headers({ origin: "http://localhost:3000", ...call.headers })
  if (as) {
    const cookie = (await cookies.get(as)) ?? (await signIn(as))
    headers.set("cookie", `${sessionCookieName()}=${cookie}`)
  }
  const request = new NextRequest(`http://localhost:3000/api/v1${query}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return route(request, { params: Promise.resolve({ id }) })
}
