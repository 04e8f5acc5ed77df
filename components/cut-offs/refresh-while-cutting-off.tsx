"use client"

import { useRefreshing } from "../use-refreshing.ts"

/** Refreshes the page while a cut off runs; without JavaScript the browser loads it again. */
export function RefreshWhileCuttingOff({ running }: { running: boolean }) {
  useRefreshing(running ? 1 : null, { minMs: 400, maxMs: 3_000 })
  return running ? <ReloadWithoutScript /> : null
}

/** Loads the page again every two seconds where it has no JavaScript. */
export function ReloadWithoutScript() {
  return (
    <noscript>
      <meta httpEquiv="refresh" content="2" />
    </noscript>
  )
}
