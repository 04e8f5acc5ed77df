import type { IncomingMessage, ServerResponse } from "node:http"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { say } from "#lib/adapters/text/sentences.ts"
import { plainPage } from "#lib/web/plain-page.ts"
import { localeOf } from "#server/http/refuse.ts"
import { endAnswer, hasBody } from "./bounded-body.ts"

/** Seconds until a retry: several values, so that refused clients do not return together. */
const SECONDS = [2, 3, 4, 5]

/** Matches the page that a visitor's form was sent from. */
const LINK = /^\/[sr]\/[\w-]+/

type Prepared = {
  /** Alternating names and values, as writeHead takes them. */
  headers: string[]
  body: string
}

/**
 * Creates the answers that say this process is busy. Headers and bodies are made once for each
 * language, so a refusal costs a fraction of an answer. The page reloads itself after the given
 * seconds; after a click, the link's page opens.
 */
export function createBusyAnswers(fixed: [string, string][]) {
  const prepared = new Map<string, Prepared>()

  return (request: IncomingMessage, response: ServerResponse) => {
    const isPage = (request.headers.accept ?? "").includes("text/html")
    const locale = localeOf(request)
    const seconds = SECONDS[Math.floor(Math.random() * SECONDS.length)] ?? 2
    const key = `${locale} ${seconds} ${isPage}`
    const { headers, body } = prepared.get(key) ?? prepare(key, isPage, locale, seconds)
    const opens = isPage ? opensAgain(request) : null
    const all = opens === null ? headers : [...headers, "Refresh", `${seconds}${opens}`]
    if (!hasBody(request)) return response.writeHead(503, all).end(body)
    response.statusCode = 503
    for (let n = 0; n < all.length; n += 2) response.setHeader(all[n] ?? "", all[n + 1] ?? "")
    endAnswer(request, response, body)
  }

  function prepare(key: string, isPage: boolean, locale: Locale, seconds: number) {
    const made = isPage ? asPage(locale, seconds) : asProblem(locale, seconds)
    const headers = {
      ...Object.fromEntries(fixed),
      ...made.headers,
      "Cache-Control": "no-store",
      "Retry-After": String(seconds),
      "Content-Language": locale,
      Vary: "Accept, Accept-Language, Cookie",
      "X-Robots-Tag": "noindex, nofollow",
      "Content-Length": String(Buffer.byteLength(made.body)),
    }
    const answer = { headers: Object.entries(headers).flat(), body: made.body }
    prepared.set(key, answer)
    return answer
  }
}

/** Returns the end of a Refresh header: empty to reload the page, null for no refresh. */
function opensAgain({ method, url = "" }: IncomingMessage) {
  if (method === "GET") return ""
  const [link] = LINK.exec(url) ?? []
  return link ? `; url=${link}` : null
}

const sentence = (locale: Locale, seconds: number) =>
  say("too_busy", { when: { inSeconds: seconds } }, locale)

// The ring is full, because the link is still valid.
const asPage = (locale: Locale, seconds: number) =>
  plainPage(sentence(locale, seconds), { locale, ring: "whole" })

// RFC 9457
const asProblem = (locale: Locale, seconds: number) => ({
  headers: { "Content-Type": "application/problem+json" },
  body: JSON.stringify({
    type: "about:blank",
    code: "busy",
    title: sentence(locale, seconds),
    status: 503,
  }),
})
