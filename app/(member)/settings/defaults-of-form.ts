import { formText } from "#components/calls/on-submit.ts"
import { readingOf } from "#components/shares/conditions/conditions-of-form.ts"
import type { ShareDefaults } from "#lib/rooms/shares/edit/share-defaults.ts"

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

type Shown = {
  /** Days until a new share expires by default, as the form shows them. */
  days: number | null
  /** Whether admins allow previews. */
  previews: boolean
}

/** Names the defaults that the form changes. */
export function changedDefaults(form: FormData, before: ShareDefaults, { days, previews }: Shown) {
  const { direct = false, preview = true, viewOnly = false, watermark = false } = before
  const isPreviewed = preview || viewOnly
  const saved: ShareDefaults = {
    ...{ direct, viewOnly, days },
    preview: isPreviewed,
    watermark: watermark && (isPreviewed || !previews),
    maxDownloads: before.maxDownloads ?? null,
    mintTtlSeconds: before.mintTtlSeconds ?? null,
  }
  const next = defaultsOf(form, before)
  const names = Object.keys(next) as (keyof ShareDefaults)[] // its own keys
  return names.filter((name) => next[name] !== saved[name])
}
