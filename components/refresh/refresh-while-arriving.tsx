"use client"

import { useRefreshing } from "./use-refreshing.ts"

/** Refreshes the page while files are still uploading, more often after one was stored. */
export function RefreshWhileArriving({ arriving }: { arriving: number }) {
  useRefreshing(arriving || null, { minMs: 5_000, maxMs: 30_000 })
  return null
}
