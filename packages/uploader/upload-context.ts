import "client-only"
import type { FileView } from "#lib/files/file.ts"
import type { Failure, Wait } from "./failure.ts"
import type { KeptHandles } from "./handle-store.ts"
import type { PartsWorld } from "./send-parts.ts"
import type { UnfinishedUploads } from "./unfinished-list.ts"
import type { Upload } from "./upload.ts"
import type { Entry, Stage } from "./upload-entry.ts"
import type { UploadLocks } from "./upload-locks.ts"

/** What the run of one upload may use. */
export type RunWorld = Omit<PartsWorld, "wait"> & {
  locks: UploadLocks
  handles: KeptHandles
  unfinished: UnfinishedUploads
  change: (entry: Entry, patch: Partial<Upload>) => void
  progress: (entry: Entry, sentBytes: number) => void
  wait: (entry: Entry, wait: Wait, signal: AbortSignal) => Promise<void>
  /** False once it was cancelled. */
  holds: (entry: Entry) => boolean
}

/** What one stage came to. */
export type Step = { next: Stage } | { stored: FileView } | Failure

export const calm = { problem: null, retryAt: null } as const

export function showWait(entry: Entry, { problem, retryAt }: Wait, { change }: RunWorld) {
  change(entry, { state: "waiting", problem, retryAt, bytesPerSecond: null })
}

/** Nobody needs the file's handle or its lock any more. */
export function settle(entry: Entry, { handles }: Pick<RunWorld, "handles">) {
  entry.unlock?.()
  entry.unlock = null
  if (entry.fileId) void handles.drop(entry.fileId)
}
