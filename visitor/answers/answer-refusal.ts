import "server-only"
import type { Refusal } from "#lib/adapters/errors.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { refusalOf } from "#lib/adapters/outages/refusal-of.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { refusal, say, sayRefusal, splitSentences } from "#lib/adapters/text/sentences.ts"
import { toPage } from "#visitor/cookies/back-cookie.ts"
import type { DrawFor } from "#visitor/draw.ts"
import {
  type Answer,
  isForm,
  type LinkRequest,
  type VisitorRequest,
  wantsJson,
} from "#visitor/exchange.ts"
import { languageHeaders, localeOf } from "#visitor/language/language.ts"

/**
 * Codes that get a separate page. Other refusals are explained on the link's page; for these, it
 * would not open, or would not show what happened.
 */
const NOT_ON_PAGE = new Set([
  "not_found",
  "too_many",
  "too_large",
  "unavailable",
  "invalid",
  "storage_full",
])

/** Answers a Refusal or an outage with its message. A bug is logged and gets a neutral message. */
export async function answerRefusals(
  request: LinkRequest,
  draw: DrawFor,
  respond: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await respond()
  } catch (error) {
    return answerFor(error, request, draw)
  }
}

function answerFor(error: unknown, request: LinkRequest, draw: DrawFor): Answer {
  const refused = refusalOf(error)
  if (!refused) log.error({ error, method: request.method }, "a visitor's request failed")
  const retryAfter = refused?.retryAfterSeconds
  const headers: Answer["headers"] = retryAfter ? [["Retry-After", String(retryAfter)]] : []
  const status = refused?.status ?? 500
  const answersJson = wantsJson(request) || (isClaim(request) && !isForm(request)) || request.isJson
  if (answersJson && request.method !== "HEAD") return problem(refused, request, headers)
  const isShownThere = refused && !NOT_ON_PAGE.has(refused.code) && !isPreview(request)
  if (isShownThere && request.method !== "HEAD") return toPage(request)
  if (refused?.code === "not_found" && !/\/[dpt]\//.test(request.path)) {
    return withHeaders(unknownAddress(request, draw), headers)
  }
  const back = refused?.code === "not_found" ? undefined : request.link
  const isPassing = status >= 500 || status === 429
  const message = { ...inSentences(textOf(refused, localeOf(request))), back, isPassing }
  return withHeaders(draw(request).message(status, message), headers)
}

/** Splits a message into its first sentence, as a heading, and the others. */
export function inSentences(message: string) {
  const { title, rest } = splitSentences(message)
  return { title, text: rest.join(" ") }
}

const textOf = (refused: Refusal | null, locale: Locale) =>
  refused ? sayRefusal(refused, locale) : say("failed", {}, locale)

const isClaim = ({ path }: LinkRequest) => path.endsWith("/claim")
/** An image or a frame would show the link's page instead of the file. */
const isPreview = ({ path }: LinkRequest) => /\/[pt]\//.test(path)

const withHeaders = (answer: Answer, headers: Answer["headers"]): Answer => ({
  ...answer,
  headers: [...answer.headers, ...headers],
})

/** Answers 404: there is no such link, or nothing at this address below it. Sets no cookie. */
export function unknownAddress(request: VisitorRequest, draw: DrawFor): Answer {
  if (wantsJson(request)) return problem(refusal("not_found", "nothing"), request)
  return draw(request).link(404, "", { state: "unknown" })
}

/** Answers 405: the address does not accept the method. */
export function wrongMethod(request: VisitorRequest, draw: DrawFor, methods: string[]): Answer {
  const allow: Answer["headers"] = [["Allow", methods.join(", ")]]
  const refused = refusal("wrong_method", "method")
  if (wantsJson(request)) return problem(refused, request, allow)
  const title = sayRefusal(refused, localeOf(request))
  return withHeaders(draw(request).message(refused.status, { title }), allow)
}

// A problem document by RFC 9457.
function problem(
  refused: Refusal | null,
  request: VisitorRequest,
  headers: Answer["headers"] = [],
): Answer {
  const locale = localeOf(request)
  const status = refused?.status ?? 500
  const body = JSON.stringify({
    type: "about:blank",
    code: refused?.code ?? "internal",
    title: textOf(refused, locale),
    status,
  })
  return {
    status,
    headers: [
      ["Content-Type", "application/problem+json"],
      ["Cache-Control", "no-store"],
      ...languageHeaders(locale),
      ...headers,
    ],
    body,
  }
}
