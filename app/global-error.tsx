"use client"

import { CalmPage } from "#components/calm-page.tsx"
import { Button } from "#components/ui/button.tsx"
import common from "../messages/en/common.json"
import { fontVariables } from "./fonts.ts"
import "./globals.css"

/** When even the layout failed: it has no strings from the server, so it brings its own. */
export default function GlobalError({ retry }: { retry: () => void }) {
  const { title, text, again } = common.error
  return (
    <html lang="en" className={fontVariables}>
      <body className="min-h-dvh font-sans">
        <title>{`${title} · Lapse`}</title>
        <CalmPage title={title} action={<Button onClick={() => retry()}>{again}</Button>}>
          {text}
        </CalmPage>
      </body>
    </html>
  )
}
