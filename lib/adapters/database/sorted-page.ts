import "server-only"
import { db, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { DEFAULT_LIMIT, isInstant } from "./list-page.ts"
import { exactTimeText } from "./time-text.ts"

/** A sort key of a list: an SQL expression that is never null. Equal keys are sorted by id. */
export type SortKey = { by: string; type: "timestamptz" | "bigint" | "text" }

/** A slice of a sorted list, as SQL about the listed row. */
type Slice = {
  /** The condition for rows after the position where the slice begins. */
  where: Sql
  order: Sql
  /** The column "place", the position of the row for the cursors. */
  place: Sql
  /** One row more than the page has. */
  limit: number
}

/** Which page to read. The default is the first, newest first. */
type PageQuery = {
  /** The name of one of the keys. A leading "-" means descending order. */
  sort?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

type Sorted<Row, View> = {
  query: PageQuery
  keys: Record<string, SortKey>
  /** The id of the listed row, in SQL. */
  id: string
  read: (slice: Slice) => Promise<Row[]>
  view: (row: Row) => View
}

export type Listed<View> = { items: View[]; nextCursor: string | null; prevCursor: string | null }

/** A page with the number of rows of the whole list; null when there are more than 1,000. */
export type ListedOf<View> = Listed<View> & { total: number | null }

/**
 * Returns a page of a list in any order, and cursors to the next and previous page. Refuses
 * (invalid) a cursor of another order. The page before the second is the complete first page.
 */
export async function sortedPage<Row extends { id: string; place: string }, View>(
  sorted: Sorted<Row, View>,
): Promise<Listed<View>> {
  const { sort = "-created", cursor, limit = DEFAULT_LIMIT } = sorted.query
  const { keys, id, read, view } = sorted
  const key = keys[sort.replace("-", "")]
  if (!key) throw new Error(`There is no sort ${sort}.`)
  const from = cursor === undefined ? null : readSortedCursor(cursor, { sort, key })
  const rows = await read(sliceOf({ sort, key, id, limit }, from))
  const more = rows.length > limit
  const cut = rows.slice(0, limit)
  if (from?.way !== "before")
    return withCursors({ sort, view }, cut, { before: from !== null, after: more })
  if (!more && cut.length < limit) return sortedPage({ ...sorted, query: { sort, limit } })
  return withCursors({ sort, view }, cut.reverse(), { before: more, after: true })
}

/** Returns a page together with the number of rows of the whole list. */
export async function countedPage<Row extends { id: string; place: string }, View>(
  sorted: Sorted<Row, View>,
  total: Promise<number | null>,
): Promise<ListedOf<View>> {
  const [page, counted] = await Promise.all([sortedPage(sorted), total])
  return { ...page, total: counted }
}

type Way = "after" | "before"
type From = { way: Way; place: string; id: string }

function withCursors<Row extends { id: string; place: string }, View>(
  { sort, view }: Pick<Sorted<Row, View>, "view"> & { sort: string },
  page: Row[],
  is: Record<Way, boolean>,
): Listed<View> {
  const cursor = (way: Way, row: Row | undefined) =>
    is[way] && row ? writeSortedCursor({ sort, way, place: row.place, id: row.id }) : null
  return {
    items: page.map(view),
    nextCursor: cursor("after", page.at(-1)),
    prevCursor: cursor("before", page[0]),
  }
}

type Order = { sort: string; key: SortKey; id: string; limit: number }

function sliceOf({ sort, key, id, limit }: Order, from: From | null): Slice {
  const descending = sort.startsWith("-") !== (from?.way === "before")
  const by = key.type === "text" ? `${key.by} COLLATE "C"` : key.by
  const place = key.type === "timestamptz" ? exactTimeText(by) : `(${by})::text`
  const than = rawSql(descending ? "<" : ">")
  const way = descending ? "DESC" : "ASC"
  return {
    where: from
      ? sql`(${rawSql(by)}, ${rawSql(id)}) ${than}
          (${from.place}::text::${rawSql(key.type)}, ${from.id}::uuid)`
      : sql`true`,
    order: rawSql(`${by} ${way}, ${id} ${way}`),
    place: rawSql(place),
    limit: limit + 1,
  }
}

type Cursor = From & { sort: string }

export function writeSortedCursor({ sort, way, place, id }: Cursor) {
  return Buffer.from(JSON.stringify([sort, way, place, id])).toString("base64url")
}

function readSortedCursor(cursor: string, { sort, key }: { sort: string; key: SortKey }): From {
  const [of, way, place, id] = partsOf(cursor)
  const isKnown = of === sort && (way === "after" || way === "before") && id && isUuid(id)
  if (isKnown && place !== undefined && isPlace[key.type](place)) return { way, place, id }
  throw refusal("invalid", "no_position", {}, { field: "cursor" })
}

function partsOf(cursor: string): (string | undefined)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString())
    if (!Array.isArray(parts)) return []
    return parts.map((part) => (typeof part === "string" ? part : undefined))
  } catch {
    return []
  }
}

// Whether PostgreSQL reads a text as this type without an error.
const isPlace = {
  timestamptz: isInstant,
  bigint: (place: string) => /^\d{1,18}$/.test(place),
  text: (place: string) => place.isWellFormed() && !place.includes("\0"),
}

const COUNTED = 1_000

/** In SQL: the number of rows; null for more than 1,000, which are not counted further. */
export const countUpTo = (rows: Sql): Sql => sql`(
  SELECT nullif(count(*), ${COUNTED + 1})::int FROM (${rows} LIMIT ${COUNTED + 1}) AS counted)`

/** Counts rows; null for more than 1,000. */
export async function countRows(rows: Sql): Promise<number | null> {
  const [row] = await db.$queryRaw<{ count: number | null }[]>`SELECT ${countUpTo(rows)} AS count`
  return row?.count ?? null
}
