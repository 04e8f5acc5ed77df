import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"

/** Refuses (forbidden) a write with a cookie from a page of another origin. */
export function requireOwnOrigin(headers: Pick<Headers, "get">): void {
  const site = headers.get("sec-fetch-site")
  const own = headers.get("origin") === new URL(configuration.APP_URL).origin
  if (own && (site === null || site === "same-origin")) return
  throw refusal("forbidden", "other_origin", { origin: configuration.APP_URL })
}
