"use client"

import { useEffect } from "react"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { browserZone, rememberZone } from "./remember-zone.ts"

/** Refreshes the page once if the server grouped it by another time zone than the browser's. */
export function ReaderZone({ drawn }: { drawn: string }) {
  const refresh = useRefresh()
  useEffect(() => {
    const zone = browserZone()
    if (!zone || zone === drawn) return
    rememberZone()
    refresh()
  }, [drawn, refresh])
  return null
}
