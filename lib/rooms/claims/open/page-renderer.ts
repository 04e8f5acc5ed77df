import "server-only"
import { processWide } from "#lib/adapters/process-wide.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { LinkPage } from "./link-page.ts"

export type DrawnPage = {
  page: LinkPage
  /** The Accept-Language header of the reader. */
  languages: string | undefined
  zone: string
}

/** Renders a visitor's page as an HTML document without scripts. */
type PageRenderer = (drawn: DrawnPage) => string

const holder = () =>
  processWide("pageRenderer", (): { render: PageRenderer | null } => ({ render: null }))

/** Registers visitor/'s renderer for the members' API, which cannot import it. */
export function offerPageRenderer(render: PageRenderer): void {
  holder().render = render
}

/** Renders a visitor's page without scripts. Refuses (unavailable) while visitor/ is not loaded. */
export function renderPage(drawn: DrawnPage): string {
  const { render } = holder()
  if (!render) throw refusal("unavailable", "preview_starting")
  return render(drawn)
}
