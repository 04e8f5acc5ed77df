import "server-only"
import type { Listing } from "#lib/claims/open/open-link.ts"
import { FilesPlace } from "#lib/shares/list/files-place.ts"
import type { LinkRequest } from "#visitor/exchange.ts"

const LONGEST_SEARCH = 200

/** The files that a page lists: those that `q` finds, from the place `after` on. Undefined: by default. */
export function listingOf({ query }: Pick<LinkRequest, "query">): Listing | undefined {
  const q = (query.get("q") ?? "").slice(0, LONGEST_SEARCH).trim()
  const after = FilesPlace.catch("").parse(query.get("after") ?? "")
  return q || after ? { q, after, ids: null } : undefined
}

/** The files that a state names: those of the ids in `files`, with commas, else those of the page. */
export function namedFilesOf(request: Pick<LinkRequest, "query">): Listing | undefined {
  const ids = request.query.get("files")?.split(",")
  return ids ? { q: "", after: "", ids } : listingOf(request)
}
