"use client"

import { useEffect } from "react"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { ZONE_COOKIE } from "#lib/http/zone-cookie.ts"

const YEAR_SECONDS = 31_536_000

/** Tells the server the browser's time zone if the page was drawn for another, once. */
export function ReaderZone({ drawn }: { drawn: string }) {
  const refresh = useRefresh()
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const cookie = `${ZONE_COOKIE}=${encodeURIComponent(zone)}`
    // Where the cookie is there already, the server does not know the zone.
    if (!zone || zone === drawn || document.cookie.split("; ").includes(cookie)) return
    const secure = location.protocol === "https:" ? "; Secure" : ""
    // biome-ignore lint/suspicious/noDocumentCookie: not every browser has a CookieStore
    document.cookie = `${cookie}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`
    if (document.cookie.split("; ").includes(cookie)) refresh()
  }, [drawn, refresh])
  return null
}
