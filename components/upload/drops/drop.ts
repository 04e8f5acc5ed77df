import type { ApiError } from "#components/calls/api-call.ts"
import type { ShareView } from "#lib/shares/share.ts"

/**
 * `waiting`: the app has no record of the files yet. `minting`: the link is being made. `refused`:
 * it was not, and `refusal` says why. `linked`: it is there. `ending`: it is being revoked.
 */
export type DropState = "waiting" | "minting" | "refused" | "linked" | "ending"

/** Files that were dropped together, and their link. */
export type Drop = {
  id: string
  /** Ids of its uploads in this tab. */
  uploadIds: readonly string[]
  /** What was typed, or the folder's name; empty: the names of the files. */
  title: string
  state: DropState
  share: ShareView | null
  /** Null while the browser has not answered. */
  copied: boolean | null
  refusal: ApiError | null
  /** Why the title was not saved, or the link not ended. */
  problem: { about: "title" | "undo"; message: string } | null
}

export type DropsSnapshot = {
  /** The latest first. */
  drops: readonly Drop[]
  /** Raised whenever a list of shares has changed. */
  changes: number
}

/** The folder that holds all files, or "". */
export function folderOf(files: readonly { path: string }[]): string {
  const [first = ""] = (files[0]?.path ?? "").split("/")
  return files.every(({ path }) => path.split("/")[0] === first) ? first : ""
}
