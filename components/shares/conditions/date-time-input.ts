import { dateTimeFormat } from "#lib/adapters/text/intl-formatters.ts"

const WHOLE = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d/

/**
 * Formats an instant for a `datetime-local` input, to the minute: in the browser's zone, or in the
 * one given.
 */
export const toLocalInput = (at: Date, timeZone?: string): string =>
  // Swedish dates and times are those of ISO 8601.
  dateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", ...(timeZone && { timeZone }) })
    .format(at)
    .replace(" ", "T")

/** Parses the value of a `datetime-local` input as ISO 8601 UTC; null while it is incomplete. */
export function fromLocalInput(text: string): string | null {
  const at = new Date(text)
  return WHOLE.test(text) && !Number.isNaN(at.getTime()) ? at.toISOString() : null
}
