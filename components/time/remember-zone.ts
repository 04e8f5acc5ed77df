import { ZONE_COOKIE } from "#lib/adapters/http/zone-cookie.ts"

const YEAR_SECONDS = 31_536_000

export const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** Tells the server the browser's time zone, by a cookie. */
export function rememberZone() {
  const zone = browserZone()
  const cookie = `${ZONE_COOKIE}=${encodeURIComponent(zone)}`
  if (!zone || document.cookie.split("; ").includes(cookie)) return
  const secure = location.protocol === "https:" ? "; Secure" : ""
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser has a CookieStore
  document.cookie = `${cookie}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`
}
