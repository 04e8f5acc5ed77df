const WHOLE = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d/

const pad = (value: number) => String(value).padStart(2, "0")

/** The value of a `datetime-local` input for a moment: in the browser's zone, without seconds. */
export function toLocalInput(at: Date): string {
  const date = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  return `${date}T${pad(at.getHours())}:${pad(at.getMinutes())}`
}

/** The moment of such a value as ISO 8601 UTC, or null while it is empty or incomplete. */
export function fromLocalInput(text: string): string | null {
  const at = new Date(text)
  return WHOLE.test(text) && !Number.isNaN(at.getTime()) ? at.toISOString() : null
}
