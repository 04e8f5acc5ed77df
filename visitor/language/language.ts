import "server-only"
import {
  chooseLocale,
  LANGUAGE_COOKIE,
  type Locale,
  localeNamed,
} from "#lib/adapters/text/languages.ts"
import { type Answer, cookieOf, type VisitorRequest, wideCookie } from "#visitor/exchange.ts"

type Asking = Pick<VisitorRequest, "query" | "header">

/**
 * The language of an answer: from the page's switch, the cookie of an earlier switch, or the
 * browser.
 */
export const localeOf = ({ query, header }: Asking): Locale =>
  chooseLocale({
    asked: query.get("lang"),
    kept: cookieOf({ header }, LANGUAGE_COOKIE),
    accepted: header("accept-language"),
  })

const SECONDS = 365 * 24 * 60 * 60

/**
 * Sets a cookie with the language of the switch, for all links. An open page that fetches a part of
 * itself sends its language too, which is not a choice.
 */
export function keepLanguage({ method, query, path }: VisitorRequest): Answer["headers"] {
  const locale = localeNamed(query.get("lang"))
  if (!locale || method !== "GET" || query.has("part")) return []
  return [wideCookie(path.startsWith("/r/") ? "/r" : "/s", LANGUAGE_COOKIE, locale, SECONDS)]
}

/** The headers that the language of an answer depends on, besides its URL. */
export const languageHeaders = (locale: Locale): Answer["headers"] => [
  ["Content-Language", locale],
  ["Vary", "Accept-Language, Cookie"],
]
