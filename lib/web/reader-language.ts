import "server-only"
import { headers } from "next/headers"
import { cache } from "react"
import { Refusal } from "#lib/adapters/errors.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { chooseLocale, type Locale } from "#lib/adapters/text/languages.ts"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import { findSessionMember } from "#lib/web/sign-in/current-session.ts"

type Reader = Pick<SessionMember, "language"> | null

/** The language of an answer: the one that the member chose, otherwise the browser's. */
export const languageOf = (reader: Reader, asking: Headers): Locale =>
  chooseLocale({
    kept: reader?.language,
    accepted: asking.get("accept-language") ?? undefined,
  })

/**
 * The language of the page that is being rendered. During an outage, and on the page of a team that
 * the reader is not in, it is the browser's.
 */
export const readerLanguage = cache(async (): Promise<Locale> => {
  return languageOf(await findSessionMember().catch(nobodyInOutage), await headers())
})

function nobodyInOutage(error: unknown): null {
  if (outageOf(error) || error instanceof Refusal) return null
  throw error
}
