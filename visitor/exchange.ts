import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { parseJson } from "#lib/adapters/http/input.ts"

/** A request below /s/ or /r/ as plain values. */
export type VisitorRequest = {
  method: string
  /** The raw path without the query, not decoded. */
  path: string
  query: URLSearchParams
  /** Returns a header by its lower-case name. */
  header(name: string): string | undefined
  clientAddress: string
  /** The origin of the object store for browsers. */
  storeOrigin: string
  /** The nonce that the answer's Content-Security-Policy allows. */
  nonce: string
  /** Reads the body as text. Refuses (too_large) a body above the limit. */
  readBody(maxBytes: number): Promise<string>
  /** Whether the client has disconnected, so that no answer reaches it. */
  isGone(): boolean
}

/** A request about one link. */
export type LinkRequest = VisitorRequest & {
  token: string
  /** The path of the link's page: /s/{token}, or /r/{token} for a request for files. */
  link: string
  /** Null for an altered token or an unknown address. */
  publicId: Uint8Array<ArrayBuffer> | null
  /** Whether its refusals are JSON, whatever the client accepts. */
  isJson?: boolean | undefined
}

export type Answer = {
  status: number
  headers: [name: string, value: string][]
  /** The body; its parts are produced when the client has read the ones before. */
  body: string | AsyncIterable<string> | null
}

/** Reads a body as JSON; a missing one is an empty object. Refuses (invalid) any other text. */
export async function readInput(
  { readBody }: Pick<VisitorRequest, "readBody">,
  maxBytes = 16 * 1024,
): Promise<unknown> {
  const text = await readBody(maxBytes)
  return text.trim() === "" ? {} : parseJson(text)
}

/** Reads one cookie of a request. */
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

/**
 * A Set-Cookie header for the path of one link. The link must be a known one: a forged path could
 * end in additional attributes. Without seconds the cookie is deleted.
 */
export function setCookie(
  { link }: Pick<LinkRequest, "link">,
  name: string,
  value: string,
  seconds = 0,
): [string, string] {
  return cookie(name, value, link, seconds)
}

/** A Set-Cookie header for the paths of all links of a kind: /s or /r. */
export const wideCookie = (path: "/s" | "/r", name: string, value: string, seconds: number) =>
  cookie(name, value, path, seconds)

function cookie(name: string, value: string, path: string, seconds: number): [string, string] {
  const secure = configuration.APP_URL.startsWith("https:") ? "; Secure" : ""
  return [
    "Set-Cookie",
    `${name}=${value}; Path=${path}; Max-Age=${Math.max(0, Math.floor(seconds))}; HttpOnly; SameSite=Lax${secure}`,
  ]
}

/** Whether the client asks for JSON, which a browser's page does not. */
export function wantsJson(request: Pick<VisitorRequest, "header">) {
  const accept = request.header("accept") ?? ""
  return /application\/(problem\+)?json/i.test(accept) && !isNavigation(request)
}

/** Whether the request is a form submission whose answer the browser shows. */
export function isForm(request: Pick<VisitorRequest, "header">) {
  return (
    /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(
      request.header("content-type") ?? "",
    ) && isNavigation(request)
  )
}

/** Whether the request is a prefetch or a preview: no person has opened the page. */
export function isPrefetch({ header }: Pick<VisitorRequest, "header">) {
  const purposes = [header("sec-purpose"), header("purpose"), header("x-purpose"), header("x-moz")]
  return purposes.some((purpose) => purpose && /prefetch|preview|prerender/i.test(purpose))
}

/**
 * Whether a browser would show the answer as a page or in a frame. By `Accept` (Fetch standard),
 * because browsers send no Sec-Fetch-Mode to plain http.
 */
export const isNavigation = ({ header }: Pick<VisitorRequest, "header">) =>
  /text\/html/i.test(header("accept") ?? "")

/**
 * Whether a browser fetches ahead and would show the result without another request (Fetch
 * standard).
 */
export const isSpeculative = ({ method, header }: Pick<VisitorRequest, "method" | "header">) =>
  method === "GET" && /prefetch/i.test(header("sec-purpose") ?? "")

/** Forbids caches to keep an answer for one visitor. */
export const NO_STORE: [string, string] = ["Cache-Control", "private, no-store"]
