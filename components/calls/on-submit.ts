import type { FormEvent } from "react"

/** Hands the fields of a submitted form, and the form, to a handler in place of sending it. */
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
