"use client"

import { useRefreshing } from "#components/refresh/use-refreshing.ts"

/** Refreshes the page while a cut off runs. */
export function RefreshWhileCuttingOff({ running }: { running: boolean }) {
  useRefreshing(running ? 1 : null, { minMs: 400, maxMs: 3_000 })
  return null
}
