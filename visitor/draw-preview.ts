import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { matchLocale } from "#lib/adapters/text/languages.ts"
import type { DrawnPage } from "#lib/rooms/claims/open/page-renderer.ts"
import type { Assets } from "./assets.ts"
import { wordsIn } from "./language/page-words.ts"
import { renderLinkPreview } from "./pages/render-page.tsx"

/** Renders a page for its owner, who sees it in a frame without scripts. */
export const drawPreview =
  ({ reload: _, ...assets }: Assets) =>
  ({ page, languages, zone }: DrawnPage): string =>
    renderLinkPreview(page, {
      words: wordsIn(matchLocale(languages)),
      assets,
      origin: configuration.APP_URL,
      nonce: "",
      storeOrigin: "",
      address: "",
      isBot: false,
      previewZone: zone,
    })
