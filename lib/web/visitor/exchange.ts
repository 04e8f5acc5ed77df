import "server-only"
import { settings } from "#lib/settings.ts"

/** A visitor's request as plain values; front.ts and the routes make one of theirs. */
export type VisitorRequest = {
  method: string
  token: string
  /** By lower-case name. */
  header(name: string): string | undefined
  clientAddress: string
  /** The body as text. Refuses (too_large) one above the limit. */
  readBody(maxBytes: number): Promise<string>
}

export type Answer = {
  status: number
  headers: [name: string, value: string][]
  body: string | null
}

/** The value of one cookie of a request. */
export function cookieOf(
  request: Pick<VisitorRequest, "header">,
  name: string,
): string | undefined {
  for (const pair of (request.header("cookie") ?? "").split(";")) {
    const equals = pair.indexOf("=")
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}

/** A Set-Cookie header for one link's path; no seconds: it ends now. */
export function setCookie(
  token: string,
  name: string,
  value: string,
  seconds = 0,
): [string, string] {
  const secure = settings.APP_URL.startsWith("https:") ? "; Secure" : ""
  return [
    "Set-Cookie",
    `${name}=${value}; Path=/s/${token}; Max-Age=${Math.max(0, Math.floor(seconds))}; HttpOnly; SameSite=Lax${secure}`,
  ]
}

/** Whether the client asks for JSON; a browser's page does not. */
export function wantsJson(request: Pick<VisitorRequest, "header">) {
  const accept = request.header("accept") ?? ""
  return /application\/(problem\+)?json/i.test(accept) && !/text\/html/i.test(accept)
}

/** Whether a browser or service fetches ahead of a person who may never come. */
export function isPrefetch({ header }: Pick<VisitorRequest, "header">) {
  const purposes = [header("sec-purpose"), header("purpose"), header("x-purpose"), header("x-moz")]
  return purposes.some((purpose) => /prefetch|preview|prerender/i.test(purpose ?? ""))
}
