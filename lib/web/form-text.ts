import "server-only"

/** The text of a form's field; undefined when it is missing or empty. */
export function formText(form: FormData, name: string): string | undefined {
  const value = form.get(name)
  return typeof value === "string" && value !== "" ? value : undefined
}
