import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"

export const DEFAULT_LIMIT = 50

/** The place in a list, newest first, after which the next page starts. */
export type Place = {
  /** UTC with PostgreSQL's microseconds: a Date would drop them, and the page would skip rows. */
  at: string
  id: string
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

export function writeCursor({ at, id }: Place) {
  return Buffer.from(`${at} ${id}`).toString("base64url")
}

/** Returns the place of a cursor. Refuses (invalid) any text that is not a cursor. */
export function readCursor(cursor: string): Place {
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString().split(" ")
  if (isInstant(at) && isUuid(id)) return { at, id }
  throw refusal("invalid", "no_position", {}, { field: "cursor" })
}

/** Whether this is an instant in the form of a place, and PostgreSQL can read it. */
export const isInstant = (at: string) => INSTANT.test(at) && isOnCalendar(at)

// Date.parse reads 30 February as 2 March, and PostgreSQL has no year 0.
function isOnCalendar(at: string) {
  const time = new Date(at)
  if (Number.isNaN(time.getTime()) || at < "1000") return false
  return time.toISOString().slice(0, 19) === at.slice(0, 19)
}

/** Returns the rows of one page and the cursor of the next, from one row more than the page has. */
export function toPage<Row extends { place: string; id: string }>(rows: Row[], limit: number) {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const more = rows.length > limit && last !== undefined
  return { page, nextCursor: more ? writeCursor({ at: last.place, id: last.id }) : null }
}

/** An ILIKE pattern for values that contain this text literally. */
export const containing = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`
