import "server-only"
import { ownPath } from "#lib/web/forms/own-path.ts"

/** Longer than any path of the app, and short enough for a header. */
const MAX_LENGTH = 2_000

/** Returns the path to open after a sign-in, from the field `next`; null if it is not usable. */
export function nextPath(form: URLSearchParams): string | null {
  const path = ownPath(form.get("next"))
  return path && path.length <= MAX_LENGTH ? path : null
}

/** Returns the address of the sign-in page that keeps the field `next` of a form. */
export const signInPage = (form: URLSearchParams): string => signInPageFor(nextPath(form))

/** Returns the address of the sign-in page that leads on to a path. */
export const signInPageFor = (next: string | null): string =>
  next ? `/sign-in?${new URLSearchParams({ next })}` : "/sign-in"
