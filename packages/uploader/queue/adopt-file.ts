import "client-only"
import type { UploadContext } from "../queue/upload-context.ts"
import type { Entry } from "../queue/upload-entry.ts"

/** Continues the unfinished upload of the same file, if there is one and no other tab sends it. */
export async function adoptMatchingFile(
  entry: Entry,
  fingerprint: string | null,
  context: UploadContext,
): Promise<boolean> {
  const fileId = fingerprint && (await context.unfinished.takeMatching(fingerprint))
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
  context.change(entry, { fileId })
  // The upload was cancelled meanwhile.
  if (!context.has(entry)) context.transport.abandon(fileId)
  return true
}

/**
 * Locks a file; false if another tab has the lock. If the upload has ended meanwhile, the lock is
 * released.
 */
export async function lockFile(entry: Entry, fileId: string, { locks, has }: UploadContext) {
  const unlock = await locks.acquire(fileId)
  if (!unlock) return false
  if (has(entry) && entry.view.state !== "stored") entry.unlock = unlock
  else unlock()
  return true
}
