import type { SortedMap } from "../../disk/sorted-map.ts"
import { parameter, type RequestContext } from "../../requests/request-context.ts"
import { uriEncode } from "../../requests/uri.ts"
import type { Element } from "../../requests/xml.ts"
import { invalidArgument } from "../../s3-error.ts"

export type Page<Value> = {
  entries: (readonly [key: string, value: Value])[]
  commonPrefixes: string[]
  isTruncated: boolean
  /** The last key or common prefix on this page. The next page starts after it. */
  last: string
}

type PageRequest = { prefix: string; delimiter: string; after: string; limit: number }

/** Returns a page of keys; those with the delimiter after the prefix are rolled up. */
export function pageOf<Value>(
  keys: SortedMap<Value>,
  { prefix, delimiter, after, limit }: PageRequest,
): Page<Value> {
  const page: Page<Value> = { entries: [], commonPrefixes: [], isTruncated: false, last: "" }
  if (limit === 0) return page
  let position = keys.seek(prefix)
  if (after !== "") {
    const rolledUp = commonPrefix(after, prefix, delimiter) === after
    position = Math.max(position, keys.seek(after, rolledUp ? "past" : "after"))
  }
  for (;;) {
    const entry = keys.at(position)
    if (!entry?.[0].startsWith(prefix)) return page
    if (page.entries.length + page.commonPrefixes.length === limit)
      return { ...page, isTruncated: true }
    const common = commonPrefix(entry[0], prefix, delimiter)
    if (common === null) {
      page.entries.push(entry)
      page.last = entry[0]
      position++
    } else {
      page.commonPrefixes.push(common)
      page.last = common
      position = keys.seek(common, "past")
    }
  }
}

export function commonPrefix(key: string, prefix: string, delimiter: string) {
  if (delimiter === "" || !key.startsWith(prefix)) return null
  const end = key.indexOf(delimiter, prefix.length)
  return end === -1 ? null : key.slice(0, end + delimiter.length)
}

/** Returns the encoding of keys in a listing: none, or the requested `encoding-type=url`. */
export function keyEncoding(context: RequestContext) {
  const type = parameter(context, "encoding-type")
  if (type !== undefined && type !== "url")
    throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", type)
  const isUrl = type === "url"
  return {
    encode: (key: string) =>
      isUrl ? uriEncode(key).replaceAll("%2F", "/").replaceAll("%20", "+") : key,
    element: (isUrl ? [["EncodingType", "url"]] : []) satisfies Element[],
  }
}
