import type { IncomingMessage, ServerResponse } from "node:http"
import type { Refusal } from "#lib/adapters/errors.ts"
import {
  chooseLocale,
  DEFAULT_LOCALE,
  LANGUAGE_COOKIE,
  type Locale,
} from "#lib/adapters/text/languages.ts"
import { refusal, say, sayRefusal } from "#lib/adapters/text/sentences.ts"
import { type PageOptions, plainPage } from "#lib/web/plain-page.ts"
import { endAnswer } from "./limits/bounded-body.ts"

/** Answers a request before any other code of the app sees it; the rest of its body is dropped. */
export function answerEarly(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body = "" }: { status: number; type?: string; body?: string },
) {
  response.statusCode = status
  response.setHeader("Cache-Control", "no-store")
  if (type) response.setHeader("Content-Type", type)
  if (status !== 204) response.setHeader("Content-Length", Buffer.byteLength(body))
  endAnswer(request, response, body)
}

/** Answers a refusal: as a page for a browser, otherwise as problem details (RFC 9457). */
export function refuse(request: IncomingMessage, response: ServerResponse, refused: Refusal) {
  const locale = localeOf(request)
  const { status, code } = refused
  answerInWords(request, response, { status, code, text: sayRefusal(refused, locale), locale })
}

/** Answers that something went wrong; the log has the details. */
export function answerFailure(request: IncomingMessage, response: ServerResponse) {
  const locale = localeOf(request)
  const text = say("failed", {}, locale)
  answerInWords(request, response, { status: 500, code: "internal", text, locale })
}

export const nothingHere = () => refusal("not_found", "nothing")

/** Answers a request whose method the address does not accept. */
export function refuseMethod(
  request: IncomingMessage,
  response: ServerResponse,
  methods: string[],
) {
  response.setHeader("Allow", methods.join(", "))
  refuse(request, response, refusal("wrong_method", "method"))
}

type Said = {
  status: number
  code: string
  text: string
  locale: Locale
  page?: Omit<PageOptions, "locale">
  /** Further members of the problem details. */
  more?: object
}

function answerInWords(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code, text, locale, page, more }: Said,
) {
  response.setHeader("Content-Language", locale)
  response.appendHeader("Vary", "Accept, Accept-Language, Cookie")
  if ((request.headers.accept ?? "").includes("text/html")) {
    const { headers, body } = plainPage(text, { locale, ...page })
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    return answerEarly(request, response, { status, body })
  }
  const body = JSON.stringify({ type: "about:blank", code, title: text, status, ...more })
  answerEarly(request, response, { status, type: "application/problem+json", body })
}

/** The language of an answer. The members' API uses English. */
export function localeOf({ url = "", headers }: IncomingMessage): Locale {
  if (url.startsWith("/api/") && !url.startsWith("/api/auth/")) return DEFAULT_LOCALE
  const [, query = ""] = url.split("?", 2)
  return chooseLocale({
    asked: query.includes("lang") ? new URLSearchParams(query).get("lang") : null,
    kept: LANGUAGE.exec(headers.cookie ?? "")?.[1],
    accepted: headers["accept-language"],
  })
}

const LANGUAGE = new RegExp(`(?:^|;)\\s*${LANGUAGE_COOKIE}=([\\w-]+)`)

/** Answers 503 while Lapse starts. The page reloads itself. */
export function answerStarting(request: IncomingMessage, response: ServerResponse) {
  response.setHeader("Retry-After", "2")
  response.setHeader("Refresh", "2")
  const locale = localeOf(request)
  const text = say("starting", {}, locale)
  const page = { ring: "whole" } as const
  answerInWords(request, response, { status: 503, code: "starting", text, locale, page })
}

/** Answers 421 with the address under the right host name. */
export function answerWrongHost(
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
) {
  const right = `${origin}${request.url}`
  const locale = localeOf(request)
  answerInWords(request, response, {
    status: 421,
    code: "wrong_host",
    text: say("wrong_host", { origin }, locale),
    locale,
    page: { link: { text: origin, href: right } },
    more: { address: right },
  })
}
