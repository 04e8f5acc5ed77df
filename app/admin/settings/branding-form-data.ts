import { formText } from "#lib/input.ts"

const TEXTS = ["name", "imprintUrl", "privacyUrl", "note"] as const

/** The change of the branding that a form asks for, to be parsed. */
export async function readBrandingForm(form: FormData): Promise<Record<string, unknown>> {
  const texts = TEXTS.map((name) => [name, formText(form, name)?.trim() || null])
  const accent = formText(form, "useAccent") === "on" ? formText(form, "accent") : null
  return { ...Object.fromEntries(texts), accent, ...(await logoOf(form)) }
}

async function logoOf(form: FormData) {
  const file = form.get("logo")
  if (file instanceof File && file.size > 0) {
    const bytes = Buffer.from(await file.arrayBuffer())
    return { logo: `data:${file.type || "image/png"};base64,${bytes.toString("base64")}` }
  }
  return formText(form, "removeLogo") === "on" ? { logo: null } : {}
}
