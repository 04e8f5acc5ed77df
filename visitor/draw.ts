import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { knownDatabaseTime } from "#lib/adapters/database/time.ts"
import { isBot } from "#lib/adapters/http/bots.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import type { Listing } from "#lib/rooms/claims/open/open-link.ts"
import type { RequestPage } from "#lib/rooms/requests/guest/request-page.ts"
import type { Receipt } from "#lib/rooms/requests/request.ts"
import type { Branding } from "#lib/rooms/settings/branding.ts"
import type { Assets } from "./assets.ts"
import { type Answer, type LinkRequest, NO_STORE, type VisitorRequest } from "./exchange.ts"
import { keepLanguage, languageHeaders, localeOf } from "./language/language.ts"
import { type Words, wordsIn } from "./language/page-words.ts"
import { type Message, renderLink, renderMessage } from "./pages/render-page.tsx"
import { renderReceipt, renderRequest } from "./pages/render-request.tsx"

/** Renders the pages of one request. */
type Draw = {
  words: Words
  link: (status: number, token: string, page: LinkPage, listing?: Listing) => Answer
  request: (status: number, page: RequestPage | LinkPage) => Answer
  receipt: (receipt: Receipt) => Answer
  message: (status: number, message: Message) => Answer
}

export type DrawFor = (request: VisitorRequest | LinkRequest) => Draw

/** Renders pages with these assets; a HEAD gets only the status and headers of the page. */
export function drawPages(assets: Assets): DrawFor {
  const origin = configuration.APP_URL
  /** The branding of the latest page, for messages while the database is away. */
  let branding: Branding | undefined
  return (request) => {
    const { nonce, storeOrigin } = request
    const words = wordsIn(localeOf(request))
    const around = {
      ...{ words, assets, origin, nonce, storeOrigin },
      isBot: isBot(request.header("user-agent") ?? ""),
      address: addressOf(request),
    }
    const answer = (status: number, render: () => string): Answer => ({
      status,
      headers: [
        ["Content-Type", "text/html; charset=utf-8"],
        NO_STORE,
        ...languageHeaders(words.locale),
        // An address without a link sets no cookie.
        ...(status === 404 ? [] : keepLanguage(request)),
      ],
      body: request.method === "HEAD" ? null : render(),
    })
    return {
      words,
      link: (status, token, page, listing) => {
        if (page.state !== "unknown") branding = page.branding
        return answer(status, () => renderLink(token, page, listing, around))
      },
      request: (status, page) => {
        if (page.state !== "unknown") branding = page.branding
        return answer(status, () => renderRequest(page, around))
      },
      receipt: (receipt) => {
        const shown = { now: knownDatabaseTime(), of: request.query.get("of") }
        return answer(200, () => renderReceipt(receipt, { ...around, branding, ...shown }))
      },
      message: (status, message) =>
        answer(status, () => renderMessage(message, { ...around, branding })),
    }
  }
}

/**
 * The path that shows the page in another language. For the answer to a POST it is the link's page.
 */
const addressOf = (request: VisitorRequest | LinkRequest) =>
  "link" in request ? request.link : request.path
