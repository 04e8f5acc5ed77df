import "server-only"
import { ownPath } from "#lib/web/forms/own-path.ts"

/** Longer than any path of the app, and short enough for a header. */
const MAX_LENGTH = 2_000

/** The path in the field `next` of a form or a query, to which a sign-in leads; null without a usable one. */
export function nextPath(form: URLSearchParams): string | null {
  const path = ownPath(form.get("next"))
  return path && path.length <= MAX_LENGTH ? path : null
}

/** The address of the sign-in page that keeps that path. */
export const signInPage = (form: URLSearchParams): string => signInPageFor(nextPath(form))

/** The address of the sign-in page that then leads to a path. */
export const signInPageFor = (next: string | null): string =>
  next ? `/sign-in?${new URLSearchParams({ next })}` : "/sign-in"
