import type { Input } from "#components/api.ts"
import { conditionsOf } from "#components/shares/conditions/conditions-of-form.ts"
import type { PagePreview } from "#lib/rooms/claims/open/preview-page.ts"

/** Reads the values that the visitor's page depends on from the form for a share's conditions. */
export function previewConditions(form: FormData): Input<typeof PagePreview> {
  const { password, direct, mintTtlSeconds, notices, ...conditions } = conditionsOf(form)
  return { ...conditions, hasPassword: form.has("locked") }
}
