import type { Metadata, Viewport } from "next"
import { getLocale, getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { BrandProvider } from "#components/branding/brand.tsx"
import { brandStyle } from "#components/branding/brand-style.ts"
import { Messages } from "#components/messages.tsx"
// Brings the buttons and links of error.tsx, not-found.tsx and global-error.tsx, which every page
// loads. Without it each of the three has a copy in its scripts.
import "#components/pages/try-again.tsx"
import { ReaderProvider } from "#components/time/local-time.tsx"
import { configuration } from "#lib/adapters/configuration.ts"
import { directionOf } from "#lib/adapters/text/languages.ts"
import { pageBranding } from "#lib/web/page-settings.ts"
import { readerZone } from "#lib/web/reader-zone.ts"
import { readerDialect } from "./(member)/reader-dialect.ts"
import { fontVariables } from "./fonts.ts"
import "./globals.css"

// A nonce for each request requires pages that are rendered for each request.
export const dynamic = "force-dynamic"

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fbfaf7" },
    { media: "(prefers-color-scheme: dark)", color: "#151412" },
  ],
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common")
  const name = (await pageBranding()).name ?? "Lapse"
  // A tab takes the direction of its title from the first letter that is not isolated.
  const isRightToLeft = directionOf(await getLocale()) === "rtl"
  return {
    metadataBase: new URL(configuration.APP_URL),
    title: {
      default: name,
      template: isRightToLeft ? `\u200f\u2068%s\u2069 · \u2068${name}\u2069` : `%s · ${name}`,
    },
    description: t("description"),
    applicationName: name,
    robots: { index: false, follow: false },
    formatDetection: { telephone: false, address: false, email: false },
  }
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale()
  const { name, logo, accent } = await pageBranding()
  const reader = { locale: await readerDialect(), timeZone: await readerZone() }
  return (
    <html
      lang={locale}
      dir={directionOf(locale)}
      className={fontVariables}
      {...(accent && { "data-accent": "", style: brandStyle(accent) })}
    >
      <body className="min-h-dvh font-sans">
        <BrandProvider brand={{ name, logo }}>
          <Messages areas={["common"]}>
            <ReaderProvider drawn={reader}>{children}</ReaderProvider>
          </Messages>
        </BrandProvider>
      </body>
    </html>
  )
}
