import "client-only"
import type { UploadContext } from "../queue/upload-context.ts"
import type { Entry } from "../queue/upload-entry.ts"
import { appFailure, type Failure } from "../transport/failure.ts"

/**
 * Continues the unfinished upload of the same file, if there is one and no other tab sends it.
 * Fails if that is unknown: a second record would be created for the file.
 */
export async function adoptMatchingFile(
  entry: Entry,
  fingerprint: string | null,
  context: UploadContext,
): Promise<boolean | Failure> {
  const fileId = fingerprint && (await context.unfinished.takeMatching(fingerprint))
  if (fileId && typeof fileId === "object") return appFailure(fileId)
  return fileId ? adoptFile(entry, fileId, context) : false
}

/** Continues a file that an earlier page started. Returns false if another tab sends it. */
export async function adoptFile(
  entry: Entry,
  fileId: string,
  context: UploadContext,
): Promise<boolean> {
  if (!(await lockFile(entry, fileId, context))) return false
  entry.stage = "send"
  entry.fileId = fileId
  context.change(entry, { fileId, earlier: "begun" })
  // The upload was cancelled meanwhile.
  if (!context.has(entry)) context.transport.abandon(fileId)
  return true
}

/** Locks a file; false if another tab has it. Unlocks if the upload has ended meanwhile. */
export async function lockFile(entry: Entry, fileId: string, { locks, has }: UploadContext) {
  const unlock = await locks.acquire(fileId)
  if (!unlock) return false
  if (has(entry) && entry.view.state !== "stored") entry.unlock = unlock
  else unlock()
  return true
}
