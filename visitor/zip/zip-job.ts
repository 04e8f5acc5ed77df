/** The page's request to its worker. */
export type ZipJob = {
  source: LinkFiles | OwnFiles
  /** The folder whose parent path the archive leaves off, or "". */
  folder: string
  report: ReportWords
}

/** Files of the member who is signed in, or of the team with this slug. */
type OwnFiles = { files: ArchiveFile[]; team: string | null }

/** Files of a link. */
export type LinkFiles = {
  token: string
  /** Null: all ready files, or those in the folder if one is given. */
  fileIds: string[] | null
  /** The search of the page, which limits the files of a folder. */
  q: string
}

/** The texts of LAPSE.txt, in the page's language. */
export type ReportWords = {
  /** The first lines of the file. */
  head: string[]
  missing: string
  check: string
  /** Describes the comparison of the SHA-256 below it. */
  verified: string
  stated: string
  differing: string
  uncompared: string
}

/** The number of files and bytes in the archive so far. */
type ZipProgress = { files: number; bytes: number }

/** The messages of the worker. */
export type ZipEvent =
  /** The claim is counted; the numbers are the totals. */
  | ({ type: "ready" } & ZipProgress)
  /** The browser has started the download. */
  | { type: "began" }
  /** `isWaiting`: the archive waits for the app or the network. */
  | ({ type: "progress"; isWaiting: boolean } & ZipProgress)
  /** The archive is complete; `missing` are the paths of files that could not be fetched. */
  | ({ type: "done"; missing: string[] } & ZipProgress)
  | { type: "failed"; failure: ZipFailure }
  /** Cancelled on the page, or in the browser's list of downloads. */
  | { type: "cancelled" }

export type ZipCommand = "pause" | "resume" | "cancel"

/**
 * The reason why there is no archive: the link is closed, the app refused with a message, the app
 * or the store was unreachable for long, or the file could not be written.
 */
export type ZipFailure =
  | { why: "closed" | "unreachable" | "disk" | "broken" }
  | { why: "refused"; reason: string | null }

/** A file as `POST /s/{token}/claim` and the owner's lists have it. */
export type ArchiveFile = {
  id: string
  name: string
  path: string
  size: number
  sha256: string | null
  sha256Verified: boolean
}
