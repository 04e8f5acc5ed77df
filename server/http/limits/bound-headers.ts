import type { IncomingHttpHeaders } from "node:http"

/** The longest parsed header: Next's pattern for bots takes seconds at 15,000 characters. */
const MOST = { "user-agent": 500, "accept-language": 200, referer: 2_000 } as const

const OWN_COOKIE = /^\s*(?:lapse[-_]|(?:__(?:Secure|Host)-)?next-auth\.)/

/** Cuts headers to the length that their readers need, and drops cookies of other applications. */
export function boundHeaders(headers: IncomingHttpHeaders) {
  for (const [name, most] of Object.entries(MOST)) {
    const value = headers[name]
    if (typeof value === "string" && value.length > most) headers[name] = value.slice(0, most)
  }
  if (headers.cookie === undefined) return
  const own = headers.cookie.split(";").filter((pair) => OWN_COOKIE.test(pair))
  if (own.length > 0) headers.cookie = own.join(";").trim()
  else delete headers.cookie
}
