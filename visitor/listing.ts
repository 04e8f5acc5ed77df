import "server-only"
import type { Listing } from "#lib/claims/open-link.ts"
import { FilesPlace } from "#lib/shares/files-place.ts"
import type { LinkRequest } from "./exchange.ts"

const LONGEST_SEARCH = 200
/**
 * Which files a request is about: those that a search finds (`q`), from a place of the list on
 * (`after`), or of these ids (`files`, with commas). Undefined where it says nothing of that.
 */
export function listingOf({ query }: Pick<LinkRequest, "query">): Listing | undefined {
  const q = (query.get("q") ?? "").slice(0, LONGEST_SEARCH).trim()
  const after = FilesPlace.catch("").parse(query.get("after") ?? "")
  const ids = query.get("files")?.split(",") ?? null
  return q || after || ids ? { q, after, ids } : undefined
}
