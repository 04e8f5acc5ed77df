"use client"

import { useRefreshing } from "./use-refreshing.ts"

/** Refreshes the page while files are still uploading, often after one arrived. */
export function RefreshWhileArriving({ arriving }: { arriving: number }) {
  useRefreshing(arriving || null, { minMs: 5_000, maxMs: 30_000 })
  return null
}
