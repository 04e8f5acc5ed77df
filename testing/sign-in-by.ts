import { workAsyncStorage } from "next/dist/server/app-render/work-async-storage.external.js"
import { workUnitAsyncStorage } from "next/dist/server/app-render/work-unit-async-storage.external.js"
import { RequestCookies } from "next/dist/server/web/spec-extension/cookies.js"
import { NextRequest } from "next/server"
import { answerAuth, signInBy } from "#lib/web/sign-in/next-auth.ts"

/**
 * Runs work as Next runs a route handler, because next-auth reads the request by `cookies()` and
 * `headers()`, which only Next's own storages provide.
 */
export function inRequest<Result>(request: NextRequest, work: () => Result): Result {
  const { headers } = request
  const store = { type: "request", phase: "render", headers, cookies: new RequestCookies(headers) }
  return workAsyncStorage.run({ route: "test" } as never, () =>
    workUnitAsyncStorage.run(store as never, work),
  )
}

/** Sends a request to /api/auth. */
export const askAuth = (request: NextRequest, ...nextauth: string[]): Promise<Response> =>
  inRequest(request, () => answerAuth(request, { params: Promise.resolve({ nextauth }) }))

/**
 * A route that signs in by one of next-auth's providers: it adds the token and the cookie of the
 * sign-in page to a form.
 */
export function signInWithToken(provider: "credentials" | "passkey") {
  return async (request: NextRequest): Promise<Response> => {
    const asked = await askAuth(new NextRequest(new URL("/api/auth/csrf", request.url)), "csrf")
    const { csrfToken }: { csrfToken: string } = await asked.json()
    const own = asked.headers.getSetCookie().map((line) => line.split(";")[0])
    const headers = new Headers(request.headers)
    const cookie = request.headers.get("cookie")
    headers.set("cookie", [...own, ...(cookie ? [cookie] : [])].join("; "))
    const form = new URLSearchParams(await request.text())
    form.set("csrfToken", csrfToken)
    const sent = new NextRequest(request.url, { method: "POST", headers, body: String(form) })
    return inRequest(sent, () => signInBy(provider)(sent))
  }
}
