import type { Input } from "#components/api.ts"
import { formText } from "#components/calls/on-submit.ts"
import type { BrandingChange } from "#lib/settings/branding.ts"

/** Reads the change of the branding from the form: an empty field clears its value. */
export async function brandingChange(form: FormData): Promise<Input<typeof BrandingChange>> {
  const text = (name: string) => formText(form, name)?.trim() || null
  return {
    name: text("name"),
    imprintUrl: text("imprintUrl"),
    privacyUrl: text("privacyUrl"),
    note: text("note"),
    accent: form.has("useAccent") ? text("accent") : null,
    ...(await logoOf(form)),
  }
}

async function logoOf(form: FormData) {
  const file = form.get("logo")
  if (file instanceof File && file.size > 0) return { logo: await dataUrlOf(file) }
  return form.has("removeLogo") ? { logo: null } : {}
}

function dataUrlOf(file: File) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const reader = new FileReader()
  reader.onload = () => resolve(String(reader.result))
  reader.onerror = () => reject(reader.error)
  reader.readAsDataURL(new Blob([file], { type: file.type || "image/png" }))
  return promise
}
