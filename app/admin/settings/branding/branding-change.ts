import type { z } from "zod"
import { ApiError } from "#components/calls/api-call.ts"
import { formText } from "#components/calls/on-submit.ts"
import type { Branding, BrandingPreview } from "#lib/rooms/settings/branding.ts"

/**
 * Reads the change of the branding from the form: an empty field clears its value. Throws ApiError
 * with the sentence `unreadable` for a logo that cannot be read, as one that was deleted since.
 */
export async function brandingChange(
  form: FormData,
  unreadable: string,
): Promise<z.input<typeof BrandingPreview>> {
  return { ...textsOf(form), ...(await logoOf(form, unreadable)) }
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

async function logoOf(form: FormData, unreadable: string) {
  const file = form.get("logo")
  if (file instanceof File && file.size > 0) {
    const logo = await dataUrlOf(file).catch(() => {
      throw new ApiError("unreadable", unreadable, 0, "branding.logo")
    })
    return { logo }
  }
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
