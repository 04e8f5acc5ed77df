import "server-only"
import { ownPath } from "#lib/web/forms/own-path.ts"

/** Longer than any path of the app, and short enough for a header. */
const MAX_LENGTH = 2_000

/** The path in the field `next` of a form, to which a sign-in leads; null without a usable one. */
export function nextPath(form: URLSearchParams): string | null {
  const path = ownPath(form.get("next"))
  return path && path.length <= MAX_LENGTH ? path : null
}

/** The address of the sign-in page with the path of the field `next`. */
export function signInPage(form: URLSearchParams): string {
  const next = nextPath(form)
  return next ? `/sign-in?${new URLSearchParams({ next })}` : "/sign-in"
}
