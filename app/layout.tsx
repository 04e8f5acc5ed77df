import type { Metadata, Viewport } from "next"
import { getLocale, getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { Messages } from "#components/messages.tsx"
import { configuration } from "#lib/adapters/configuration.ts"
import { directionOf } from "#lib/adapters/text/languages.ts"
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
  return {
    metadataBase: new URL(configuration.APP_URL),
    title: { default: "Lapse", template: "%s · Lapse" },
    description: t("description"),
    applicationName: "Lapse",
    robots: { index: false, follow: false },
    formatDetection: { telephone: false, address: false, email: false },
  }
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale()
  return (
    <html lang={locale} dir={directionOf(locale)} className={fontVariables}>
      <body className="min-h-dvh font-sans">
        <Messages areas={["common"]}>{children}</Messages>
      </body>
    </html>
  )
}
