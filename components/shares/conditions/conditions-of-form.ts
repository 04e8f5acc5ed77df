import type { z } from "zod"
import { formText, numberOf } from "#components/calls/on-submit.ts"
import type { ShareInput } from "#lib/rooms/shares/share.ts"

/** The conditions of a share as input of the API: times are ISO 8601 UTC. */
export type Conditions = Omit<z.input<typeof ShareInput>, "fileIds" | "folder">

/**
 * Reads all conditions but the password from the form. Leaves out unchanged ones, and a title that
 * is not in the form.
 */
export const conditionsOf = (form: FormData): Conditions => ({
  ...(form.has("title") && { title: textOf(form, "title") }),
  message: textOf(form, "message"),
  maxDownloads: numberOf(form, "maxDownloads"),
  notices: form.has("notices"),
  everyDownload: form.has("everyDownload"),
  ...endOf(form),
  ...startOf(form),
  ...readingOf(form),
  ...lifetimeOf(form),
})

/** Reads whether visitors may preview files, download them, or both. View-only needs previews. */
export const readingOf = (form: FormData) => ({
  direct: form.has("direct"),
  preview: form.has("viewOnly") || form.has("preview"),
  viewOnly: form.has("viewOnly"),
  watermark: form.has("watermark"),
})

/** Reads the end of the link. */
export function endOf(form: FormData): Pick<Conditions, "expiresAt"> {
  const choice = formText(form, "expires")
  if (choice === undefined || choice === "keep") return {}
  return { expiresAt: choice === "never" ? null : textOf(form, "expiresAt") }
}

/** Reads the start of the link. */
export function startOf(form: FormData): Pick<Conditions, "startsAt"> {
  const choice = formText(form, "starts")
  if (choice === undefined || choice === "keep") return {}
  return { startsAt: choice === "now" ? null : textOf(form, "startsAt") }
}

/** Reads the password. If it is turned on and the field is empty, the password does not change. */
export function passwordOf(form: FormData): Pick<Conditions, "password"> {
  if (!form.has("locked")) return { password: null }
  const password = formText(form, "password")
  return password === undefined ? {} : { password }
}

function lifetimeOf(form: FormData): Conditions {
  const seconds = formText(form, "mintTtlSeconds")
  return seconds === undefined || seconds === "keep" ? {} : { mintTtlSeconds: Number(seconds) }
}

/** The text of a field, "" if it is empty. */
export const textOf = (form: FormData, name: string) => formText(form, name) ?? ""
