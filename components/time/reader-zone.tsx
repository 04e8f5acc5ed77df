"use client"

import { useEffect } from "react"
import { useRefresh } from "#components/refresh/use-refresh.ts"
import { ZONE_COOKIE } from "#lib/adapters/http/zone-cookie.ts"

const YEAR_SECONDS = 31_536_000

/** Sends the browser's time zone to the server once, if the page was rendered for another. */
export function ReaderZone({ drawn }: { drawn: string }) {
  const refresh = useRefresh()
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const cookie = `${ZONE_COOKIE}=${encodeURIComponent(zone)}`
    // If the cookie exists already, the server does not know the zone.
    if (!zone || zone === drawn || document.cookie.split("; ").includes(cookie)) return
    const secure = location.protocol === "https:" ? "; Secure" : ""
    // biome-ignore lint/suspicious/noDocumentCookie: not every browser has a CookieStore
    document.cookie = `${cookie}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`
    if (document.cookie.split("; ").includes(cookie)) refresh()
  }, [drawn, refresh])
  return null
}
