const WHOLE = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d/

const pad = (value: number) => String(value).padStart(2, "0")

/** Formats an instant for a `datetime-local` input: in the browser's zone, to the minute. */
export function toLocalInput(at: Date): string {
  const date = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  return `${date}T${pad(at.getHours())}:${pad(at.getMinutes())}`
}

/** Parses the value of a `datetime-local` input as ISO 8601 UTC; null while it is incomplete. */
export function fromLocalInput(text: string): string | null {
  const at = new Date(text)
  return WHOLE.test(text) && !Number.isNaN(at.getTime()) ? at.toISOString() : null
}
