import "server-only"
import { randomBytes } from "node:crypto"
import { knownDatabaseTime } from "#lib/adapters/database/time.ts"
import { readSigned, sign } from "#lib/adapters/secrets.ts"

/** How long a browser stays known after the last right password, in seconds. */
export const KNOWN_BROWSER_SECONDS = 180 * 86_400

/** The account or link whose right password was entered in the browser. */
type Secret = { kind: "member" | "link"; id: string }

/** The name of the cookie that makes a browser known to a member; one for each account. */
export const knownBrowserCookie = (memberId: string) => `${COOKIE}${memberId.slice(-12)}`
const COOKIE = "lapse-known-"

/**
 * Signs the cookie of a browser in which the right password was entered. It only replaces the limit
 * for the browser's address by one for the browser, and only for this account or link. It proves
 * nothing else. A browser that is already known keeps its id.
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

/** Returns the id of a browser that gave this password before; null without its cookie. */
export function readKnownBrowser(
  secret: Secret,
  cookie: string | undefined,
  now = knownDatabaseTime(),
): string | null {
  const known = readKnown(cookie, now)
  return known?.kind === secret.kind && known.id === secret.id ? known.browser : null
}

/** Finds a member who signed in with this browser before; null if there is none. */
export function findKnownMember(
  cookies: readonly { name: string; value: string }[],
  now = knownDatabaseTime(),
): { memberId: string; browser: string } | null {
  const own = cookies.filter(({ name }) => name.startsWith(COOKIE))
  const known = own
    .map(({ value }) => readKnown(value, now))
    .find((each) => each?.kind === "member")
  return known ? { memberId: known.id, browser: known.browser } : null
}

function readKnown(cookie: string | undefined, now: Date) {
  const [kind, id, browser, end] = readSigned("known", cookie)?.split("~") ?? []
  if (!kind || !id || !browser || Number(end) * 1000 <= now.getTime()) return null
  return { kind, id, browser }
}
