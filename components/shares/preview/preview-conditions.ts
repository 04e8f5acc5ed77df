import type { z } from "zod"
import { conditionsOf } from "#components/shares/conditions/conditions-of-form.ts"
import type { PagePreview } from "#lib/rooms/claims/open/preview-page.ts"

/** Reads from the form of a share's conditions the values that the visitor's page depends on. */
export function previewConditions(form: FormData): z.input<typeof PagePreview> {
  const { password, direct, mintTtlSeconds, notices, ...conditions } = conditionsOf(form)
  return { ...conditions, hasPassword: form.has("locked") }
}
