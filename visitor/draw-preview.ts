import "server-only"
import type { DrawnPage } from "#lib/claims/open/page-renderer.ts"
import { configuration } from "#lib/configuration.ts"
import { matchLocale } from "#lib/text/languages.ts"
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
