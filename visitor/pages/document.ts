import { brandStyle } from "#components/branding/brand-style.ts"
import { isolateValues } from "#lib/adapters/text/isolate.ts"
import type { Branding } from "#lib/rooms/settings/branding.ts"
import type { MessageKey } from "#visitor/language/compiled-messages.ts"
import type { Words } from "#visitor/language/page-words.ts"
import type { Assets } from "../assets.ts"
import { escapeMarkup } from "./render-markup.ts"

export type Head = { title: string; description?: string }

/** The messages that islands/times/ shows. */
export const TIME_KEYS = [
  "common.days",
  "common.hours",
  "common.minutes",
  "common.seconds",
  "common.duration",
  "common.timeInZone",
  "visitor.openFor",
  "visitor.lapsedNow",
  "visitor.scheduled.opensIn",
  "visitor.scheduled.now",
] as const satisfies MessageKey[]

/** A script of a page, the messages that it shows, and its data. */
type Island = { script: "visit" | "closed" | "request"; keys: readonly MessageKey[]; data: object }

/** The context that a document needs besides its body. */
export type RenderContext = {
  words: Words
  assets: Assets
  /** Scheme and host of the app, for absolute URLs that other sites fetch. */
  origin: string
  storeOrigin: string
  nonce: string
  /** Whether the reader is a bot. */
  isBot: boolean
  /** The path that the language switch opens. */
  address: string
  island?: Island
  /**
   * The time zone of the owner who sees it in a frame: it looks as with scripts, and its links do
   * nothing. Undefined for visitors.
   */
  previewZone?: string
  branding?: Branding | undefined
}

/** A complete HTML document around the markup of a page. */
export function documentOf(head: Head, context: RenderContext, body: string): string {
  const { words, assets, origin, nonce, island, previewZone, branding } = context
  const site = escapeMarkup(branding?.name ?? "Lapse")
  const title = escapeMarkup(head.title)
  const isRightToLeft = words.direction === "rtl"
  // A tab takes the direction of its title from the first letter that is not isolated.
  const named = `${isRightToLeft ? "\u200f" : ""}${isolated(title, isRightToLeft)} · ${isolated(site, isRightToLeft)}`
  const description = head.description && escapeMarkup(head.description)
  const accent = branding?.accent
  const scripts = island && assets.scripts[island.script]
  const preload = (href: string) => `<link rel="modulepreload" href="${href}" nonce="${nonce}">`
  const script = (src: string) => `<script type="module" src="${src}" nonce="${nonce}"></script>`
  return `<!DOCTYPE html><html lang="${words.locale}" dir="${words.direction}"${
    accent ? ` data-accent="" style="${styleText(accent)}"` : ""
  }${previewZone ? ' data-preview=""' : ""}><head><meta charset="utf-8">${
    // A frame that may not open windows follows no link.
    previewZone ? '<base target="_blank"/>' : ""
  }<meta name="viewport" content="width=device-width, initial-scale=1"><title>${named}</title>${
    description ? `<meta name="description" content="${description}">` : ""
  }<meta name="application-name" content="${site}">${STATIC_HEAD}<meta property="og:title" content="${title}">${
    description ? `<meta property="og:description" content="${description}">` : ""
  }<meta property="og:site_name" content="${site}">${
    branding?.name || branding?.logo
      ? '<meta name="twitter:card" content="summary">'
      : lapseCard(escapeMarkup(origin))
  }${ICONS}<link rel="preload" href="${assets.font}" as="font" type="font/woff2" crossorigin=""><link rel="stylesheet" href="${assets.stylesheet}">${
    scripts ? scripts.imports.map(preload).join("") + script(scripts.src) : ""
  }${assets.reload ? script(assets.reload) : ""}</head><body class="min-h-dvh font-sans">${body}${
    island ? islandElement(island, words) : ""
  }</body></html>`
}

const isolated = (name: string, isRightToLeft: boolean) =>
  isolateValues({ name }, isRightToLeft)?.name

const styleText = (accent: string) =>
  Object.entries(brandStyle(accent))
    .map(([name, value]) => `${name}:${value}`)
    .join(";")

const STATIC_HEAD =
  '<meta name="robots" content="noindex, nofollow">' +
  '<meta name="format-detection" content="telephone=no, address=no, email=no">' +
  '<meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbfaf7">' +
  '<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#151412">' +
  '<meta property="og:type" content="website">'

const ICONS =
  '<link rel="icon" href="/icon.svg" type="image/svg+xml">' +
  '<link rel="icon" href="/favicon.ico" sizes="32x32">' +
  '<link rel="apple-touch-icon" href="/apple-icon.png">'

const lapseCard = (origin: string) =>
  `<meta property="og:image" content="${origin}/opengraph-image.png">` +
  '<meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">' +
  '<meta name="twitter:card" content="summary_large_image">'

/** The data and the messages of the page's script, which islands/page-data.ts reads. */
function islandElement({ keys, data }: Island, words: Words): string {
  const json = JSON.stringify(data).replaceAll("&", "&amp;").replaceAll("'", "&#x27;")
  return `<script type="application/json" id="island" data-page='${json}'>${words.json(keys)}</script>`
}
