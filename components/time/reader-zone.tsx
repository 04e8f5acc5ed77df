"use client"

import { useEffect } from "react"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { browserZone, rememberZone } from "./remember-zone.ts"

/** Sends the browser's time zone to the server once, if the page was rendered for another. */
export function ReaderZone({ drawn }: { drawn: string }) {
  const refresh = useRefresh()
  useEffect(() => {
    // If the server was told before, it does not know the zone.
    if (browserZone() !== drawn && rememberZone()) refresh()
  }, [drawn, refresh])
  return null
}
