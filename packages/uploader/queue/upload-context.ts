import "client-only"
import type { TabLocks } from "../../transfer/tab-locks.ts"
import type { PartsContext } from "../parts/send-parts.ts"
import type { HandleStore } from "../picking/handle-store.ts"
import type { RecordBatches } from "../record-batches.ts"
import type { Failure } from "../transport/failure.ts"
import type { RetryDelay } from "../transport/retry.ts"
import type { UnfinishedList } from "../unfinished-list.ts"
import type { Upload } from "../upload.ts"
import type { FileRecord } from "../upload-protocol.ts"
import type { Entry, Stage } from "./upload-entry.ts"

export type UploadContext = PartsContext & {
  locks: TabLocks
  handles: HandleStore
  unfinished: UnfinishedList
  records: RecordBatches
  change: (entry: Entry, patch: Partial<Upload>) => void
  progress: (entry: Entry, sentBytes: number) => void
  /** Removes an upload from the list; what it changes next is shown. */
  remove: (entry: Entry) => void
  /** Called once for each upload that is stored, with the id of the file that it replaces. */
  onStored: (file: FileRecord, body: Blob, replaced: string | null) => void
  /** False once the upload was cancelled. */
  has: (entry: Entry) => boolean
}

/**
 * How one stage ended: the stage that follows, the stored file, the different file that has the
 * name, or why it failed.
 */
export type StepResult = { next: Stage } | { stored: FileRecord } | { taken: FileRecord } | Failure

export const noProblem = { problem: null, retryAt: null } as const

export function showDelay(entry: Entry, { problem, retryAt }: RetryDelay, context: UploadContext) {
  context.change(entry, { state: "waiting", problem, retryAt, bytesPerSecond: null })
}

/** Releases the lock and the stored file handle of the upload. */
export function releaseUpload(entry: Entry, { handles }: Pick<UploadContext, "handles">) {
  entry.unlock?.()
  entry.unlock = null
  if (entry.fileId) void handles.delete(entry.fileId)
}
