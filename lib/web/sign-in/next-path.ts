import "server-only"
import { ownPath } from "#lib/web/forms/own-path.ts"

/** Longer than any path of the app, and short enough for a header. */
const MAX_LENGTH = 2_000

/** Returns the path to open after a sign-in, from an address; null if it is not usable. */
export function nextPath(address: unknown): string | null {
  const path = ownPath(address)
  if (!path || path === "/" || path.startsWith("/sign-in")) return null
  return path.length <= MAX_LENGTH ? path : null
}

/** Returns the address of the sign-in page that leads on to a path. */
export const signInPageFor = (next: string | null): string =>
  next ? `/sign-in?${new URLSearchParams({ next })}` : "/sign-in"
