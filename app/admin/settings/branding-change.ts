import type { Input } from "#components/api.ts"
import { formText } from "#components/calls/on-submit.ts"
import type { Branding, BrandingChange } from "#lib/settings/branding.ts"

/** Reads the change of the branding from the form: an empty field clears its value. */
export async function brandingChange(form: FormData): Promise<Input<typeof BrandingChange>> {
  return { ...textsOf(form), ...(await logoOf(form)) }
}

const TEXTS = ["name", "accent", "imprintUrl", "privacyUrl", "note"] as const

/** The values of the branding, in the order of a message about them. */
export const BRANDING_NAMES = [...TEXTS, "logo"] as const
export type BrandingName = (typeof BRANDING_NAMES)[number]

/** Names the values of the branding that the form changes. */
export function changedBranding(form: FormData, before: Branding): BrandingName[] {
  const texts = textsOf(form)
  const changed = TEXTS.filter((name) => texts[name] !== before[name])
  const file = form.get("logo")
  const hasFile = file instanceof File && file.size > 0
  return hasFile || form.has("removeLogo") ? [...changed, "logo"] : changed
}

function textsOf(form: FormData) {
  const text = (name: string) => formText(form, name)?.trim() || null
  return {
    name: text("name"),
    imprintUrl: text("imprintUrl"),
    privacyUrl: text("privacyUrl"),
    note: text("note"),
    accent: form.has("useAccent") ? text("accent") : null,
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
