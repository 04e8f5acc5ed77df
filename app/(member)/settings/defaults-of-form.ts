import { formText } from "#components/calls/on-submit.ts"
import { readingOf } from "#components/shares/conditions/conditions-of-form.ts"
import type { ShareDefaults } from "#lib/shares/edit/share-defaults.ts"

/** What the form sets for new shares. A lifetime that it leaves as it is stays that of `before`. */
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
