import type { ApiError } from "#components/calls/api-call.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

/**
 * `waiting`: the app has no record of the files yet, or the card is not shown. `minting`: the link
 * is being created. `refused`: creating it failed, and `refusal` says why, even while it is
 * retried. `linked`: the link exists. `ending`: the link is being revoked.
 */
type DropState = "waiting" | "minting" | "refused" | "linked" | "ending"

/** Files that were dropped together, and their link. */
export type Drop = {
  id: string
  /** The slug of the team that it is for; null for the member. */
  team: string | null
  /** The ids of its uploads in this tab. */
  uploadIds: readonly string[]
  /** The typed title, or the folder's name; empty: the names of the files. */
  title: string
  state: DropState
  /** Whether its card is on the page: no link is created without it. */
  isShown: boolean
  share: ShareView | null
  /** The files that could not be added to the link. */
  leftOutFileIds: readonly string[]
  /** Null until the browser has answered. */
  copied: boolean | null
  refusal: ApiError | null
  /** Why the title was not saved, or the link not revoked. */
  problem: { about: "title" | "undo"; message: string } | null
}

export type DropsSnapshot = {
  /** The drops, the latest first. */
  drops: readonly Drop[]
  /** Incremented whenever a list of shares has changed. */
  changes: number
}

/** The folder that contains all files, or "". */
export function folderOf(files: readonly { path: string }[]): string {
  const [first = ""] = (files[0]?.path ?? "").split("/")
  return files.every(({ path }) => path.split("/")[0] === first) ? first : ""
}
