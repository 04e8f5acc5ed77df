/** What the page asks its worker for. */
export type ZipJob = {
  token: string
  /** Null: every file that is ready, of the folder if there is one. */
  fileIds: string[] | null
  /** A folder whose parents the archive leaves off, or "". */
  folder: string
  /** What the page is searched for: of a folder only those files are taken. */
  q: string
  report: ReportWords
}

/** The texts of LAPSE.txt, in the page's language. */
export type ReportWords = {
  /** What comes first, line by line. */
  head: string[]
  missing: string
  check: string
  /** What the SHA-256 below it were compared with. */
  verified: string
  stated: string
  differing: string
  uncompared: string
}

/** Files and bytes that the archive has so far. */
export type ZipProgress = { files: number; bytes: number }

/** What the worker says. */
export type ZipEvent =
  /** The claim is counted: so much will come. */
  | ({ type: "ready" } & ZipProgress)
  /** The browser has taken the download. */
  | { type: "began" }
  /** `isWaiting`: the app or the network makes it wait. */
  | ({ type: "progress"; isWaiting: boolean } & ZipProgress)
  /** All is written; `missing` are the paths of files that could not be fetched. */
  | ({ type: "done"; missing: string[] } & ZipProgress)
  | { type: "failed"; failure: ZipFailure }
  /** By the page, or in the browser's own list of downloads. */
  | { type: "cancelled" }

export type ZipCommand = "pause" | "resume" | "cancel"

/**
 * Why there is no archive: the link is over, the app refused with a sentence, app or store could not
 * be reached for long, or the file could not be written.
 */
export type ZipFailure =
  | { why: "closed" | "unreachable" | "disk" | "broken" }
  | { why: "refused"; reason: string | null }

/** A file as `POST /s/{token}/claim` lists it. */
export type ArchiveFile = {
  id: string
  name: string
  path: string
  size: number
  sha256: string | null
  sha256Verified: boolean
}
