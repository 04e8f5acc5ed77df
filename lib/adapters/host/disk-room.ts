import "server-only"
import type { SentenceValue } from "#lib/adapters/errors.ts"
import { refusal, type SentenceKey } from "#lib/adapters/text/sentences.ts"
import { hostState } from "./host-state.ts"

/** Whether the free space is so low that it is reserved for the database and for revoking. */
export const isDiskFull = ({ disk } = hostState()) =>
  disk !== null && disk.freeBytes < disk.reserveBytes / 2

/** Whether the remaining space is reserved for the database, so that uploads are refused. */
export const isDiskLow = ({ disk } = hostState()) =>
  disk !== null && disk.freeBytes < disk.reserveBytes

const RETRY_SECONDS = 30

/**
 * Refuses (unavailable) a write if only reserved disk space remains. Reads this process's memory
 * only. Revoking, deleting and ending a session do not call it: the reserve is for them.
 */
export function requireRoom(what: "click" | "attempt" | "question" | "share" | "invite"): void {
  if (!isDiskFull()) return
  throw refusal("unavailable", `disk_${what}`, {}, { retryAfterSeconds: RETRY_SECONDS })
}

/**
 * Refuses (storage_full) an upload before its first byte if it would use the reserve of the object
 * store's disk, so that the store would refuse it.
 */
export function requireUploadRoom(bytes: number): void {
  const { disk } = hostState()
  if (!disk?.takesUploads) {
    requireRoom("click")
    return
  }
  const room = disk.freeBytes - disk.reserveBytes
  if (room >= bytes) return
  throw room > 0
    ? storageFull("disk_room", { room: { bytes: room }, size: { bytes } })
    : storageFull()
}

/** The refusal of an upload for which there is no room. The client retries until there is room. */
export const storageFull = (
  key: SentenceKey = "disk_upload",
  values: Record<string, SentenceValue> = {},
) => refusal("storage_full", key, values, { retryAfterSeconds: RETRY_SECONDS })
