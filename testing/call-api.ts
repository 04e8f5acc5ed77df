import { NextRequest } from "next/server"
import { z } from "zod"
import { DELETE, GET, HEAD, PATCH, POST } from "#app/api/v1/[...path]/route.ts"
import type { Method } from "#lib/api/call.ts"
import { CALLS } from "#lib/api/calls/all-calls.ts"
import { sessionCookieName } from "#lib/web/sign-in/session-cookie.ts"
import { aSessionCookie } from "./builders/a-session.ts"
import { holdAgainstDocument } from "./permissions/hold-against-document.ts"

type Call = {
  /** A member id, or null for a call without a session. */
  as: string | null
  /** For an address with a link, the ids of share and link with a space between them. */
  id?: string
  query?: string
  body?: unknown
  headers?: Record<string, string>
}

const HANDLERS: Record<string, typeof GET> = { GET, HEAD, POST, PATCH, DELETE }

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

/** The calls at an address, by method. */
export const callsAt = (path: string): Record<Method | "HEAD", string> => ({
  GET: `GET ${path}`,
  HEAD: `HEAD ${path}`,
  POST: `POST ${path}`,
  PATCH: `PATCH ${path}`,
  DELETE: `DELETE ${path}`,
})

/**
 * Makes a call of the members' API, such as "GET /files/{id}", with the headers that the app's own
 * pages send. Throws if the answer is not as the call declares it.
 */
export async function callApi(at: string, call: Call): Promise<Response> {
  const [method = "", path = ""] = at.split(" ")
  const { as, id = "", query = "", body } = call
  const headers = new Headers({ origin: "http://localhost:3000", ...call.headers })
  if (as) {
    const cookie = (await cookies.get(as)) ?? (await signIn(as))
    headers.set("cookie", `${sessionCookieName()}=${cookie}`)
  }
  const [first = "", linkId = first] = id.split(" ")
  const filled = path
    .replace("{id}", encodeURIComponent(first))
    .replace(/\{(linkId|memberId)\}/, encodeURIComponent(linkId))
  const request = new NextRequest(`http://localhost:3000/api/v1${filled}${query}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return sendToApi(request, at)
}

/**
 * Sends a request to the route of the API, and compares the answer with what the call declares, and
 * both with the OpenAPI document.
 */
export async function sendToApi(request: NextRequest, at: string): Promise<Response> {
  const handler = HANDLERS[request.method]
  if (!handler) throw new Error(`Next answers ${request.method} itself.`)
  const body = request.body === null ? null : await request.clone().text()
  const answer = await handler(request)
  await holdAgainstDocument({ at, body, answer })
  const gives = CALLS.find((one) => one.at === at.replace(/^HEAD/, "GET"))?.gives
  if (answer.ok && gives instanceof z.ZodType) {
    const isEmpty = answer.status === 204
    gives.parse(isEmpty ? undefined : await answer.clone().json())
  }
  return answer
}
