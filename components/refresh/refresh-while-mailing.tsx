"use client"

import { useRefreshing } from "./use-refreshing.ts"

/** Refreshes the page while mails wait for the mail server. */
export function RefreshWhileMailing({ waiting }: { waiting: number }) {
  useRefreshing(waiting || null, { minMs: 1_500, maxMs: 60_000 })
  return null
}
