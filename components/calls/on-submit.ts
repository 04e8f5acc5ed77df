import type { FormEvent } from "react"
import { UNITS } from "#components/ui/forms/size-units.ts"

/**
 * Makes a submit handler that passes the fields, and the form, on instead of sending the form. The
 * form has `method="post"`: when it is sent before the page's scripts are loaded, it is refused
 * (405), and no typed input is in the URL.
 */
export function onSubmit(handle: (fields: FormData, form: HTMLFormElement) => void) {
  return (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    handle(new FormData(event.currentTarget), event.currentTarget)
  }
}

/** The text of a field; undefined when it is missing or empty. */
export function formText(form: FormData, name: string): string | undefined {
  const value = form.get(name)
  return typeof value === "string" && value !== "" ? value : undefined
}

/** Reads a number; null for an empty field, NaN for other text, which the API refuses. */
export function numberOf(form: FormData, name: string): number | null {
  const text = formText(form, name)
  return text === undefined ? null : Number(text)
}

/** Reads the field `name` with the unit in `nameUnit`; null if it is empty, NaN for other text. */
export function bytesOf(form: FormData, name: string): number | null {
  const amount = formText(form, name)
  if (amount === undefined) return null
  const unit = UNITS.find(({ unit }) => unit === formText(form, `${name}Unit`))
  return Math.round(Number(amount) * (unit?.bytes ?? Number.NaN))
}

/** Reads the field `name` as a list of words. */
export const listed = (form: FormData, name: string): string[] =>
  (formText(form, name) ?? "").split(/[\s,;]+/).filter((word) => word !== "")
