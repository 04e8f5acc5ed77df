import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"

export const DEFAULT_LIMIT = 50

/** The position in a list, newest first, after which the next page starts. */
type Place = {
  /** UTC with PostgreSQL's microseconds. A Date would drop them, and the page would skip rows. */
  at: string
  id: string
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

export function writeCursor({ at, id }: Place) {
  return Buffer.from(`${at} ${id}`).toString("base64url")
}

/** Parses a cursor into a position. Refuses (invalid) any text that is not a cursor. */
export function readCursor(cursor: string): Place {
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString().split(" ")
  if (isInstant(at) && isUuid(id)) return { at, id }
  throw refusal("invalid", "no_position", {}, { field: "cursor" })
}

/** Whether a text is an instant as in a Place that PostgreSQL can read. */
export const isInstant = (at: string) => INSTANT.test(at) && isOnCalendar(at)

// Date.parse reads 30 February as 2 March, and PostgreSQL has no year 0.
function isOnCalendar(at: string) {
  const time = new Date(at)
  if (Number.isNaN(time.getTime()) || at < "1000") return false
  return time.toISOString().slice(0, 19) === at.slice(0, 19)
}

/** Returns a page's rows and the next cursor. `rows` has one row more than the page. */
export function toPage<Row extends { place: string; id: string }>(rows: Row[], limit: number) {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const more = rows.length > limit && last !== undefined
  return { page, nextCursor: more ? writeCursor({ at: last.place, id: last.id }) : null }
}

/** Returns an ILIKE pattern for values that contain this text literally. */
export const containing = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`
