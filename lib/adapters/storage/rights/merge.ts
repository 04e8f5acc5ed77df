import "server-only"

/** The result of merging a list of the bucket. Rules of other programs stay, in their order. */
export type Merge<Item> = {
  merged: Item[]
  /** Items of other programs, which are not changed. */
  kept: Item[]
  removed: Item[]
  added: Item[]
  isChanged: boolean
}

/**
 * Replaces Lapse's items in a list with the wanted ones. A write replaces the whole list, so the
 * other items are written back as they were read.
 */
export function mergeItems<Item>(
  existing: readonly Item[],
  wanted: readonly Item[],
  isOwn: (item: Item) => boolean,
): Merge<Item> {
  // A store that does not keep names returns Lapse's own item without its name.
  const kept = existing.filter((item) => !isOwn(item) && !wanted.some((each) => same(each, item)))
  const own = existing.filter((item) => !kept.includes(item))
  const removed = own.filter((item) => !wanted.some((each) => same(each, item)))
  const added = wanted.filter((item) => !own.some((each) => same(each, item)))
  return {
    merged: [...kept, ...wanted],
    kept,
    removed,
    added,
    isChanged: removed.length + added.length > 0,
  }
}

/** Whether two items mean the same, even if a store has formatted them differently. */
export const same = (one: unknown, other: unknown) =>
  JSON.stringify(plain(one)) === JSON.stringify(plain(other))

const NAMES = ["ID", "Id"]

/** Sorts keys and elements, removes names, and replaces a list of one with its element. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.map(plain)
    if (all.length === 1) return all[0]
    return all.map((each) => JSON.stringify(each)).sort()
  }
  if (typeof value !== "object" || value === null) {
    return typeof value === "number" || typeof value === "boolean" ? String(value) : value
  }
  const entries = Object.entries(value)
    .map(([name, held]) => [name, plain(held)] as const)
    .filter(([name, held]) => !NAMES.includes(name) && !isEmpty(held))
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries)
}

/** Whether a value is an empty prefix, which stores write in three ways. */
const isEmpty = (value: unknown) =>
  value === undefined || value === "" || JSON.stringify(value) === "{}"
