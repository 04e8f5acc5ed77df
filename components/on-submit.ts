import type { FormEvent } from "react"

/** Hands the fields of a submitted form to a handler in place of sending the form. */
export function onSubmit(handle: (form: FormData) => void) {
  return (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    handle(new FormData(event.currentTarget))
  }
}

/** The text of a field; undefined when it is missing or empty. */
export function formText(form: FormData, name: string): string | undefined {
  const value = form.get(name)
  return typeof value === "string" && value !== "" ? value : undefined
}
