import { formText } from "#components/calls/on-submit.ts"
import { readingOf } from "#components/shares/conditions/conditions-of-form.ts"
import type { ShareDefaults } from "#lib/shares/edit/share-defaults.ts"

/**
 * Reads the defaults for new shares from the form. An unchanged URL lifetime stays as in `before`.
 */
export function defaultsOf(form: FormData, before: ShareDefaults): ShareDefaults {
  const days = formText(form, "days")
  const lifetime = formText(form, "mintTtlSeconds")
  const limit = formText(form, "maxDownloads")
  return {
    ...readingOf(form),
    days: days === undefined || days === "never" ? null : Number(days),
    maxDownloads: limit === undefined ? null : Number(limit),
    mintTtlSeconds:
      lifetime === undefined || lifetime === "keep"
        ? (before.mintTtlSeconds ?? null)
        : Number(lifetime),
  }
}
