import "server-only"
import type { Listing } from "#lib/rooms/claims/open/open-link.ts"
import { FilesPlace } from "#lib/rooms/shares/list/files-place.ts"
import type { LinkRequest } from "#visitor/exchange.ts"

const LONGEST_SEARCH = 200

/**
 * The files that a page lists: those that `q` finds, after the cursor `after`. Undefined: the
 * default.
 */
export function listingOf({ query }: Pick<LinkRequest, "query">): Listing | undefined {
  const q = (query.get("q") ?? "").slice(0, LONGEST_SEARCH).trim()
  const after = FilesPlace.catch("").parse(query.get("after") ?? "")
  return q || after ? { q, after, ids: null } : undefined
}

/**
 * The files that a request for the state names: the comma-separated ids in `files`, else those that
 * the page lists.
 */
export function namedFilesOf(request: Pick<LinkRequest, "query">): Listing | undefined {
  const ids = request.query.get("files")?.split(",")
  return ids ? { q: "", after: "", ids } : listingOf(request)
}
