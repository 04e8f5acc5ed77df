import "server-only"
import { Refusal } from "./errors.ts"
import { isUuid } from "./uuid.ts"

export const DEFAULT_LIMIT = 50

/** The place in a list, newest first, after which the next page begins. */
export type Place = {
  /** UTC with all of PostgreSQL's microseconds; a Date would lose them and rows with them. */
  at: string
  id: string
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

export function writeCursor({ at, id }: Place) {
  return Buffer.from(`${at} ${id}`).toString("base64url")
}

/** Refuses (invalid) what writeCursor did not write. */
export function readCursor(cursor: string): Place {
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString().split(" ")
  if (INSTANT.test(at) && !Number.isNaN(Date.parse(at)) && isUuid(id)) return { at, id }
  throw new Refusal("invalid", "cursor: That place in the list is not known.", { field: "cursor" })
}

/** The rows of one page and its successor's cursor, from rows read one further than the page is long. */
export function toPage<Row extends { place: string; id: string }>(rows: Row[], limit: number) {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const more = rows.length > limit && last !== undefined
  return { page, nextCursor: more ? writeCursor({ at: last.place, id: last.id }) : null }
}

/** An ILIKE pattern for rows that contain the text as it is written. */
export const containing = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`
