import "server-only"
import type { LinkPage } from "#lib/claims/link-page.ts"
import { settings } from "#lib/settings.ts"
import type { Assets } from "./assets.ts"
import { type Answer, NO_STORE, type VisitorRequest } from "./exchange.ts"
import { type Message, renderLink, renderMessage } from "./pages/render-page.tsx"
import { type Words, wordsIn } from "./words.ts"

/** Draws the pages of one request. */
export type Draw = {
  words: Words
  link: (status: number, token: string, page: LinkPage, q?: string) => Answer
  message: (status: number, message: Message) => Answer
}

export type DrawFor = (request: VisitorRequest) => Draw

/** Draws pages with these assets; a HEAD gets the status and headers of the page alone. */
export function drawPages(assets: Assets): DrawFor {
  const origin = settings.APP_URL
  return ({ method, nonce, storeOrigin }) => {
    const words = wordsIn("en")
    const around = { words, assets, origin, nonce, storeOrigin }
    const answer = (status: number, render: () => string): Answer => ({
      status,
      headers: [["Content-Type", "text/html; charset=utf-8"], NO_STORE],
      body: method === "HEAD" ? null : render(),
    })
    return {
      words,
      link: (status, token, page, q = "") =>
        answer(status, () => renderLink(token, page, q, around)),
      message: (status, message) => answer(status, () => renderMessage(message, around)),
    }
  }
}
