import { NextRequest } from "next/server"
import { makeSessionCookie, sessionCookieName } from "#lib/web/session-cookie.ts"

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

/** Calls a route of the members' API with the headers that the app's own pages send. */
export async function callApi(route: Route, call: Call): Promise<Response> {
  const { as, method = "GET", id = "", query = "", body } = call
  const headers = new Headers({ origin: "http://localhost:3000", ...call.headers })
  if (as) {
    const cookie = await makeSessionCookie({ memberId: as, sessionEpoch: 0 })
    headers.set("cookie", `${sessionCookieName()}=${cookie}`)
  }
  const request = new NextRequest(`http://localhost:3000/api/v1${query}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return route(request, { params: Promise.resolve({ id }) })
}
