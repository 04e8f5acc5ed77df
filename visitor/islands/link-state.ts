import type { FileCounts } from "#lib/shares/list/shared-files.ts"
import { withQuery } from "./leave.ts"
import { pageData } from "./page-data.ts"

/** GET /s/{token}/state */
export type LinkState = {
  status: string
  expiresAt: string | null
  downloadsLeft: number | null
  canPreview: boolean
  viewOnly: boolean
  needsClaim: boolean
  /** Those that the page lists. */
  files: { id: string; status: string; hasThumbnail: boolean }[]
  counts: FileCounts
}

type Found = {
  /** What the page of the link shows now, as PageData's state; "unknown" for a link that is gone. */
  page: string
  /** Null where the link does not open for this visitor. */
  state: LinkState | null
}

/** An answer that takes longer is lost, as one to a question from before the machine slept. */
const LONGEST_MS = 15_000

/** Asks how the link is now; null if there was no answer. */
export async function readState(): Promise<Found | null> {
  try {
    const signal = AbortSignal.timeout(LONGEST_MS)
    const address = withQuery(`/s/${pageData.token}/state`, listingQuery())
    const response = await fetch(address, { cache: "no-store", signal })
    if (response.status === 401) return { page: "locked", state: null }
    if (response.status === 404) return { page: "unknown", state: null }
    if (!response.ok) return null
    const state: LinkState = await response.json()
    const page = pageOf(state)
    return { page, state: page === "open" ? state : null }
  } catch {
    return null
  }
}

/** What the page's address says of the files that it lists. */
export function listingQuery(): URLSearchParams {
  const listing = new URLSearchParams()
  const query = new URLSearchParams(location.search)
  for (const name of ["q", "after"]) {
    const value = query.get(name)
    if (value) listing.set(name, value)
  }
  return listing
}

/** A link that is used up is open to a visitor who has a ticket: then the state has its files. */
const pageOf = ({ status, downloadsLeft }: LinkState) =>
  status === "used_up" && downloadsLeft !== null ? "open" : status
