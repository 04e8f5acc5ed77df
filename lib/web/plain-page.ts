import "server-only"
import { createHash } from "node:crypto"
import { DEFAULT_LOCALE, directionOf, type Locale } from "#lib/adapters/text/languages.ts"
import { escapeHtml } from "#lib/adapters/text/plain-text.ts"
import { splitSentences } from "#lib/adapters/text/sentences.ts"

// The look of the app's own pages (app/globals.css, components/ui/ring/ring.tsx) in a small sheet.
const STYLE = `:root{color-scheme:light dark;--paper:#fbfaf7;--ink:#1c1a17;--soft:#68635a;--line:#e6e1d7;--accent:#c2410c}
@media(prefers-color-scheme:dark){:root{--paper:#151412;--ink:#f0ece3;--soft:#a39c90;--line:#322e29;--accent:#ff8b52}}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
header,main{max-width:32.25rem;margin:0 auto;padding:0 1.375rem}header{display:flex;align-items:center;gap:.5625rem;padding-top:1.375rem;margin-bottom:2.75rem;font-weight:600}
svg{display:block;fill:none;stroke:var(--line)}.left{stroke:var(--accent);stroke-linecap:round}.broken{stroke:var(--soft)}
h1{margin:1.625rem 0 .75rem;font-size:1.875rem;line-height:1.15;letter-spacing:-.02em;font-weight:600;overflow-wrap:anywhere}:lang(ar) h1{line-height:1.4;letter-spacing:0}p{margin:0 0 .75rem}a{color:var(--accent);font-weight:600}
@media(min-width:48rem){header{padding-top:2.5rem;margin-bottom:4.5rem}}`
const MARK =
  '<svg width="22" height="22" stroke-width="3" aria-hidden="true"><circle cx="11" cy="11" r="9.5"/><circle class="left" cx="11" cy="11" r="9.5" stroke-dasharray="42.98 60.69" transform="rotate(-90 11 11)"/></svg>'
const BROKEN =
  '<svg width="76" height="76" stroke-width="5" aria-hidden="true"><circle class="broken" cx="38" cy="38" r="35.5" stroke-dasharray="22.31 14.88" transform="rotate(-90 38 38)"/></svg>'
const WHOLE =
  '<svg width="76" height="76" stroke-width="5" aria-hidden="true"><circle class="left" cx="38" cy="38" r="35.5"/></svg>'
const RINGS = { broken: BROKEN, whole: WHOLE }

const sourceOf = (style: string) =>
  `'sha256-${createHash("sha256").update(style).digest("base64")}'`

export type PageOptions = {
  locale?: Locale
  /** A part of the text that is a link. */
  link?: { text: string; href: string }
  ring?: keyof typeof RINGS
  /** Whether the page follows the link automatically. */
  leads?: boolean
}

/** Makes a page of one or a few sentences, for when the app's own pages cannot be rendered. */
export function plainPage(
  sentence: string,
  { locale = DEFAULT_LOCALE, link, ring = "broken", leads = false }: PageOptions = {},
) {
  const { title, rest } = splitSentences(sentence)
  const html = (text: string) => withLink(escapeHtml(text), link)
  const lead =
    link && leads ? `<meta http-equiv="refresh" content="0;url=${escapeHtml(link.href)}">` : ""
  const lines = rest.map((line) => `<p>${html(line)}</p>`).join("")
  return htmlPage({ title, main: `${RINGS[ring]}<h1>${html(title)}</h1>${lines}`, lead, locale })
}

type HtmlPage = {
  title: string
  /** HTML. */
  main: string
  /** An element of the head, in HTML. */
  lead?: string
  /** Rules after those of all such pages. */
  style?: string
  locale?: Locale
}

/** Makes a page that needs neither the app nor a file: all of its style is in it. */
export function htmlPage({
  title,
  main,
  lead = "",
  style = "",
  locale = DEFAULT_LOCALE,
}: HtmlPage) {
  const sheet = STYLE + style
  const body = `<!doctype html><html lang="${locale}" dir="${directionOf(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
${lead}<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${sheet}</style></head>
<body><header>${MARK}Lapse</header><main>${main}</main></body></html>`
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": `default-src 'none'; style-src ${sourceOf(sheet)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  }
  return { headers, body }
}

function withLink(html: string, link: PageOptions["link"]) {
  if (!link) return html
  const text = escapeHtml(link.text)
  return html.replace(text, () => `<a dir="ltr" href="${escapeHtml(link.href)}">${text}</a>`)
}
