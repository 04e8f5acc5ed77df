import type { ReactNode } from "react"
import { brandStyle } from "#components/pages/brand-style.ts"
import type { Branding } from "#lib/rooms/settings/branding.ts"
import type { MessageKey } from "#visitor/language/compiled-messages.ts"
import type { Words } from "#visitor/language/page-words.ts"
import type { Assets } from "../assets.ts"
import { PageAddress } from "./frame/language-switch.tsx"
import { BrandingContext } from "./frame/use-branding.ts"
import { PreviewZone } from "./static-time.tsx"
import { WordsContext } from "./use-words.ts"

export type Head = { title: string; description?: string }

/** A script of a page, the messages that it shows, and its data. */
type Island = { script: "visit" | "closed"; keys: readonly MessageKey[]; data: object }

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

type DocumentProps = { head: Head; context: RenderContext; body: ReactNode }

export function Document({ head, context, body }: DocumentProps) {
  const { words, assets, origin, nonce, address, island, previewZone, branding } = context
  const { title, description } = head
  const scripts = island && assets.scripts[island.script]
  const site = branding?.name ?? "Lapse"
  const accent = branding?.accent
  return (
    <html
      lang={words.locale}
      dir={words.direction}
      {...(accent && { "data-accent": "", style: brandStyle(accent) })}
      data-preview={previewZone && ""}
    >
      {/* biome-ignore lint/style/noHeadElement: a complete document, not one of Next's */}
      <head>
        <meta charSet="utf-8" />
        {/* A frame that may not open windows follows no link. */}
        {previewZone && <base target="_blank" />}
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · ${site}`}</title>
        {description && <meta name="description" content={description} />}
        <meta name="application-name" content={site} />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no, address=no, email=no" />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbfaf7" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#151412" />
        <meta property="og:title" content={title} />
        {description && <meta property="og:description" content={description} />}
        <meta property="og:site_name" content={site} />
        <meta property="og:type" content="website" />
        {branding?.name || branding?.logo ? (
          <meta name="twitter:card" content="summary" />
        ) : (
          <>
            <meta property="og:image" content={`${origin}/opengraph-image.png`} />
            <meta property="og:image:width" content="1200" />
            <meta property="og:image:height" content="630" />
            <meta name="twitter:card" content="summary_large_image" />
          </>
        )}
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="icon" href="/favicon.ico" sizes="32x32" />
        <link rel="apple-touch-icon" href="/apple-icon.png" />
        <link rel="preload" href={assets.font} as="font" type="font/woff2" crossOrigin="" />
        <link rel="stylesheet" href={assets.stylesheet} />
        {scripts?.imports.map((href) => (
          <link key={href} rel="modulepreload" href={href} nonce={nonce} />
        ))}
        {scripts && <script type="module" src={scripts.src} nonce={nonce} />}
        {assets.reload && <script type="module" src={assets.reload} nonce={nonce} />}
      </head>
      <body className="min-h-dvh font-sans">
        <WordsContext value={words}>
          <BrandingContext value={branding ?? null}>
            <PageAddress value={address}>
              <PreviewZone value={previewZone}>{body}</PreviewZone>
            </PageAddress>
          </BrandingContext>
        </WordsContext>
        {island && (
          <script
            type="application/json"
            id="island"
            data-page={JSON.stringify(island.data)}
            // biome-ignore lint/security/noDangerouslySetInnerHtml: the app's messages, with "<" escaped
            dangerouslySetInnerHTML={{ __html: words.json(island.keys) }}
          />
        )}
      </body>
    </html>
  )
}
