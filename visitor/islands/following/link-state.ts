import type { FileCounts } from "#lib/rooms/shares/list/shared-files.ts"
import { pageData } from "#visitor/islands/page-data.ts"
import { withQuery } from "./leave.ts"

/** The answer of GET /s/{token}/state. */
export type LinkState = {
  status: string
  /** The page that the link shows to this visitor: "open", or why it shows no files. */
  state: string
  expiresAt: string | null
  downloadsLeft: number | null
  canPreview: boolean
  viewOnly: boolean
  needsClaim: boolean
  /** The files that the page lists. */
  files: { id: string; status: string; isPaused?: true; hasThumbnail: boolean }[]
  counts: FileCounts
}

type Found = {
  /** The page that the link shows now, as in PageData's state; "unknown" for a deleted link. */
  page: string
  /** Null if the link does not open for this visitor. */
  state: LinkState | null
}

/** A later answer is treated as lost, such as one to a request from before the machine slept. */
const LONGEST_MS = 15_000

/** Fetches the state of the link; null if there was no answer. */
export async function readState(): Promise<Found | null> {
  try {
    const signal = AbortSignal.timeout(LONGEST_MS)
    const address = withQuery(`/s/${pageData.token}/state`, listingQuery())
    const response = await fetch(address, { cache: "no-store", signal })
    if (response.status === 401) return { page: "locked", state: null }
    if (response.status === 404) return { page: "unknown", state: null }
    if (!response.ok) return null
    const state: LinkState = await response.json()
    return { page: state.state, state: state.state === "open" ? state : null }
  } catch {
    return null
  }
}

/** The query parameters of the page that select the listed files. */
export function listingQuery(): URLSearchParams {
  const listing = new URLSearchParams()
  const query = new URLSearchParams(location.search)
  for (const name of ["q", "after"]) {
    const value = query.get(name)
    if (value) listing.set(name, value)
  }
  return listing
}
