import "server-only"
import { randomBytes } from "node:crypto"
import { knownDatabaseTime } from "#lib/database/time.ts"
import { readSigned, sign } from "#lib/secrets.ts"

/** How long a browser stays known after the last right password. */
export const KNOWN_BROWSER_SECONDS = 180 * 86_400

/** What the browser gave the right password of. */
export type Secret = { kind: "member" | "link"; id: string }

/** The name of the cookie by which a browser is known to a member's account: one per account. */
export const knownBrowserCookie = (memberId: string) => `lapse-known-${memberId.slice(-12)}`

/**
 * The value of the cookie of a browser that gave the right password. It proves nothing more: it
 * lifts only the limit of the browser's address, only for this account or link, in favour of
 * attempts that are counted by its id. A browser that is known already keeps its id.
 */
export function signKnownBrowser(
  secret: Secret,
  earlier: string | undefined,
  now = knownDatabaseTime(),
): string {
  const browser = readKnownBrowser(secret, earlier, now) ?? randomBytes(12).toString("base64url")
  const end = Math.floor(now.getTime() / 1000) + KNOWN_BROWSER_SECONDS
  return sign("known", [secret.kind, secret.id, browser, end].join("~"))
}

/** The id of a browser that gave this password before; null without a cookie of ours for it. */
export function readKnownBrowser(
  secret: Secret,
  cookie: string | undefined,
  now = knownDatabaseTime(),
): string | null {
  const [kind, id, browser, end] = readSigned("known", cookie)?.split("~") ?? []
  if (kind !== secret.kind || id !== secret.id || !browser) return null
  return Number(end) * 1000 > now.getTime() ? browser : null
}
