const WHOLE = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d/

const pad = (value: number) => String(value).padStart(2, "0")

/** A moment as a `datetime-local` input of this browser wants it: its own zone, without seconds. */
export function toLocalInput(at: Date): string {
  const date = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  return `${date}T${pad(at.getHours())}:${pad(at.getMinutes())}`
}

/** What such an input says as ISO 8601 UTC, or null while it is empty or half typed. */
export function fromLocalInput(text: string): string | null {
  const at = new Date(text)
  return WHOLE.test(text) && !Number.isNaN(at.getTime()) ? at.toISOString() : null
}
