import { NextIntlClientProvider } from "next-intl"
import { getMessages } from "next-intl/server"
import type { ReactNode } from "react"
import type { MessageArea } from "#lib/web/intl-request-config.ts"

/** Sends only the messages of these areas to the client components below. */
export async function Messages({ areas, children }: { areas: MessageArea[]; children: ReactNode }) {
  const all = await getMessages()
  const messages = Object.fromEntries(areas.map((area) => [area, all[area]]))
  return <NextIntlClientProvider messages={messages}>{children}</NextIntlClientProvider>
}
