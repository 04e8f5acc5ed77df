import { NextIntlClientProvider } from "next-intl"
import { getMessages } from "next-intl/server"
import type { ReactNode } from "react"
import type { MessageArea } from "#lib/web/messages.ts"

/** Gives the components below that run in the browser the strings of these areas, and no more. */
export async function Messages({ areas, children }: { areas: MessageArea[]; children: ReactNode }) {
  const all = await getMessages()
  const messages = Object.fromEntries(areas.map((area) => [area, all[area]]))
  return <NextIntlClientProvider messages={messages}>{children}</NextIntlClientProvider>
}
