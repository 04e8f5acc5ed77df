"use client"

import { MessagePage } from "#components/pages/message-page.tsx"
import { Button } from "#components/ui/button.tsx"
import common from "../messages/en/common.json"
import { fontVariables } from "./fonts.ts"
import "./globals.css"

/** Shown when the root layout fails. The server sends it no messages, so it imports them. */
export default function GlobalError({ retry }: { retry: () => void }) {
  const { title, text, again } = common.error
  return (
    <html lang="en" className={fontVariables}>
      <body className="min-h-dvh font-sans">
        <title>{`${title} · Lapse`}</title>
        <MessagePage>
          <h1 className="text-title md:text-display">{title}</h1>
          <p className="mt-3 mb-7 max-w-[46ch] text-note">{text}</p>
          <Button onClick={() => retry()}>{again}</Button>
        </MessagePage>
      </body>
    </html>
  )
}
