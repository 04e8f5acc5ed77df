import { ZONE_COOKIE } from "#lib/adapters/http/zone-cookie.ts"

const YEAR_SECONDS = 31_536_000

export const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** Sets the cookie with the browser's time zone. Returns whether it has changed. */
export function rememberZone(): boolean {
  const zone = browserZone()
  const cookie = `${ZONE_COOKIE}=${encodeURIComponent(zone)}`
  const isKnown = () => document.cookie.split("; ").includes(cookie)
  if (!zone || isKnown()) return false
  const secure = location.protocol === "https:" ? "; Secure" : ""
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser has a CookieStore
  document.cookie = `${cookie}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`
  return isKnown()
}
