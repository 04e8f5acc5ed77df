import type { FileView } from "#lib/files/file.ts"

/** What a member wants stored. */
export type UploadSource = {
  name: string
  /** Folder it was dropped in, relative, "/" between names, or "". */
  path: string
  contentType: string
  body: Blob
  /** Where the drop or the picker gave one: it can be kept, and the upload goes on after a reload with one click. */
  handle?: FileSystemFileHandle
}

/** `waiting` goes on by itself, `failed` only when told to; both keep what the store already has. */
export type UploadState =
  | "queued"
  | "starting"
  | "sending"
  | "finishing"
  | "waiting"
  | "paused"
  | "stored"
  | "failed"

export type UploadProblem = {
  code: "offline" | "no_answer" | "stalled" | "store_refused" | "busy" | "unreadable" | "refused"
  /** The app's own sentence, when it gave one. */
  message: string | null
}

/** One upload as a page draws it. Times are milliseconds since 1970. */
export type Upload = {
  id: string
  /** The app's file, known from its start: a share may be made of it before it is stored. */
  fileId: string | null
  name: string
  path: string
  size: number
  contentType: string
  state: UploadState
  sentBytes: number
  bytesPerSecond: number | null
  /** When a waiting upload goes on; null: when the connection is back. */
  retryAt: number | null
  problem: UploadProblem | null
  /** True when a pause keeps the bytes that were sent. */
  resumable: boolean
  /** The stored file. */
  file: FileView | null
}

/** An upload of this member that the app still waits for and whose bytes this tab does not have. */
export type Unfinished = {
  fileId: string
  name: string
  path: string
  size: number
  storedBytes: number
  /** ISO 8601. */
  startedAt: string
  /** The browser kept a handle: one click goes on. */
  kept: boolean
}

export type UploadTotals = {
  count: number
  stored: number
  failed: number
  /** Neither stored nor failed nor paused. */
  active: number
  sizeBytes: number
  sentBytes: number
  bytesPerSecond: number | null
}

export const isActive = ({ state }: Pick<Upload, "state">) =>
  state !== "stored" && state !== "failed" && state !== "paused"

/** What all uploads together have done. Failed ones do not hold the bar back. */
export function totalUploads(uploads: readonly Upload[], bytesPerSecond: number | null) {
  const totals: UploadTotals = {
    count: uploads.length,
    stored: 0,
    failed: 0,
    active: 0,
    sizeBytes: 0,
    sentBytes: 0,
    bytesPerSecond,
  }
  for (const upload of uploads) {
    if (upload.state === "failed") {
      totals.failed += 1
      continue
    }
    if (upload.state === "stored") totals.stored += 1
    if (isActive(upload)) totals.active += 1
    totals.sizeBytes += upload.size
    totals.sentBytes += upload.sentBytes
  }
  return totals
}

/** Whole seconds, or null while nobody can tell. */
export function secondsLeft(
  of: Pick<UploadTotals, "sizeBytes" | "sentBytes" | "bytesPerSecond">,
): number | null {
  if (!of.bytesPerSecond) return null
  return Math.ceil(Math.max(0, of.sizeBytes - of.sentBytes) / of.bytesPerSecond)
}
