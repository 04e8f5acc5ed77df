import "server-only"
import { chooseLocale, LANGUAGE_COOKIE, type Locale, localeNamed } from "#lib/text/languages.ts"
import { type Answer, cookieOf, type VisitorRequest, wideCookie } from "#visitor/exchange.ts"

type Asking = Pick<VisitorRequest, "query" | "header">

/** The language of an answer: by the switch of the page, by an earlier use of it, else the browser's. */
export const localeOf = ({ query, header }: Asking): Locale =>
  chooseLocale({
    asked: query.get("lang"),
    kept: cookieOf({ header }, LANGUAGE_COOKIE),
    accepted: header("accept-language"),
  })

const SECONDS = 365 * 24 * 60 * 60

/**
 * Keeps the language that the switch asked for, on every link. An open page that fetches a part of
 * itself asks for its own language, which is not a choice.
 */
export function keepLanguage({ method, query }: VisitorRequest): Answer["headers"] {
  const locale = localeNamed(query.get("lang"))
  if (!locale || method !== "GET" || query.has("part")) return []
  return [wideCookie(LANGUAGE_COOKIE, locale, SECONDS)]
}

/** What the language of an answer depends on, beside its address. */
export const languageHeaders = (locale: Locale): Answer["headers"] => [
  ["Content-Language", locale],
  ["Vary", "Accept-Language, Cookie"],
]
