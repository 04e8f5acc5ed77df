import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"

/** The path of an address of this app, otherwise null: a sign-in must not lead to other sites. */
export function ownPath(address: unknown): string | null {
  if (typeof address !== "string" || !address) return null
  const { origin } = new URL(configuration.APP_URL)
  const url = URL.parse(address, origin)
  if (url?.origin !== origin) return null
  // A path that begins with two slashes would be read as a host.
  return url.pathname.startsWith("//") ? null : `${url.pathname}${url.search}${url.hash}`
}
