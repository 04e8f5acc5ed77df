import type { FileRecord } from "./upload-protocol.ts"

export type UploadSource = {
  name: string
  /** The relative path of the folder that contained it: names with "/" between them, or "". */
  path: string
  contentType: string
  body: Blob
  /** The file's handle, if the drop or dialog gave one, to continue after a reload. */
  handle?: FileSystemFileHandle
  /** The action if a different file has the name. By default the upload waits for `resolve`. */
  ifTaken?: IfTaken
}

/**
 * What the uploader does with a file if a different file has its name. `replace`: replaces that file
 * when this one is ready. `keepBoth`: adds a number to the name. `skip`: does not send the file.
 */
export type IfTaken = "replace" | "keepBoth" | "skip"

/**
 * The states of an upload, and what follows each.
 *
 * | state     | what happens in it                            | next                             |
 * |-----------|-----------------------------------------------|----------------------------------|
 * | queued    | waits for its turn                            | starting, sending or finishing:  |
 * |           |                                               | where the last run ended         |
 * | starting  | the app creates the record, or an unfinished  | queued, until it is its turn to  |
 * |           | upload of the same file is adopted            | send; stored if it had arrived;  |
 * |           |                                               | taken                            |
 * | taken     | a different file has its name                 | starting; removed by "skip"      |
 * | sending   | bytes go to the store, in one PUT or in parts | finishing; queued if the app has |
 * |           |                                               | deleted the record (404)         |
 * | finishing | the app checks what the store has             | stored; queued on 404; waiting   |
 * |           |                                               | and then sending on 409          |
 * | waiting   | a failure that may pass; a retry is scheduled | the state that failed, after the |
 * |           |                                               | delay, retry() or a reconnect    |
 * | paused    | pause() was called; no part is started        | queued by resume()               |
 * | failed    | a refusal, or too many failures in a row      | queued by retry(); by a          |
 * |           |                                               | reconnect if nothing answered    |
 * | stored    | the app has confirmed the file                | none                             |
 *
 * A failure leads from starting, sending and finishing to waiting or failed. pause() leads from
 * queued, starting, taken, sending and waiting to paused, and parts in flight are completed. cancel()
 * removes an upload in any state. Waiting, paused and failed uploads keep the store's parts.
 */
export type UploadState =
  | "queued"
  | "starting"
  | "taken"
  | "sending"
  | "finishing"
  | "waiting"
  | "paused"
  | "stored"
  | "failed"

export type UploadProblem = {
  code:
    | "offline"
    | "no_answer"
    | "stalled"
    | "store_refused"
    | "storage_full"
    | "signed_out"
    | "busy"
    | "unreadable"
    | "refused"
  /** The app's own message, if it gave one. */
  message: string | null
}

/** One upload as a page shows it. Times are milliseconds since 1970. */
export type Upload = {
  id: string
  /** The app's id of the file, known once it is started. A link may include it already. */
  fileId: string | null
  name: string
  path: string
  size: number
  contentType: string
  state: UploadState
  sentBytes: number
  bytesPerSecond: number | null
  /** When a waiting upload is retried; null to retry when the connection is back. */
  retryAt: number | null
  problem: UploadProblem | null
  /** Whether the file was known before: its upload had begun, or had been completed. */
  earlier: "begun" | "arrived" | null
  /** The different file that has its name, since the app has said so. */
  taken: FileRecord | null
  /** Whether a pause keeps the bytes that were sent. */
  resumable: boolean
  file: FileRecord | null
}

export type UploadIds = string | readonly string[]

/**
 * An upload of this member that the app still waits for and that no tab of this browser sends, or
 * that the app gave up.
 */
export type UnfinishedUpload = {
  fileId: string
  name: string
  path: string
  size: number
  storedBytes: number
  /** The start time in ISO 8601. */
  startedAt: string
  /** Whether the browser stored a file handle, so that one click continues the upload. */
  hasHandle: boolean
  /** Whether the app gave it up: it begins again with the same file. */
  givenUp: boolean
}

export const isActive = ({ state }: Pick<Upload, "state">) =>
  state !== "stored" && state !== "failed" && state !== "paused"

/**
 * Returns the uploads whose names different files have: none as long as the app has yet to answer
 * for another one, so that one question lists all that its answer is for.
 */
export function takenUploads(uploads: readonly Upload[]): Upload[] {
  const isTaken = ({ state }: Upload) => state === "taken"
  const waits = (upload: Upload) => isActive(upload) && upload.fileId === null && !isTaken(upload)
  return uploads.some(waits) ? [] : uploads.filter(isTaken)
}
