import type { FormEvent } from "react"

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
