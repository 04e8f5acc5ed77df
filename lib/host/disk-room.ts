import "server-only"
import { Refusal } from "#lib/errors.ts"
import { formatBytes } from "#lib/text/format-bytes.ts"
import { refusal } from "#lib/text/sentences.ts"
import { hostState } from "./host-state.ts"

/** Whether what is left of the disk is kept for the database: for revoking and deleting. */
export const isDiskFull = ({ disk } = hostState()) =>
  disk !== null && disk.freeBytes < disk.reserveBytes / 2

/** Whether only what is kept for the database is left: uploads are refused. */
export const isDiskLow = ({ disk } = hostState()) =>
  disk !== null && disk.freeBytes < disk.reserveBytes

const RETRY_SECONDS = 30

/**
 * Refuses (unavailable) what would take the last of the disk. Reads the memory of this process
 * alone. What revokes, deletes or ends a session does not call it: the last is kept for that.
 */
export function requireRoom(what: "click" | "attempt" | "question" | "share" | "invite"): void {
  if (!isDiskFull()) return
  throw refusal("unavailable", `disk_${what}`, {}, { retryAfterSeconds: RETRY_SECONDS })
}

/**
 * Refuses (storage_full) an upload before its first byte, where the object store would refuse it
 * because so many bytes would take the reserve of its disk.
 */
export function requireUploadRoom(bytes: number): void {
  const { disk } = hostState()
  if (!disk?.takesUploads) {
    requireRoom("click")
    return
  }
  const room = disk.freeBytes - disk.reserveBytes
  if (room >= bytes) return
  throw storageFull(
    room > 0
      ? `The disk of this server has room for ${formatBytes(room)}, and this takes ${formatBytes(bytes)}.`
      : "The disk of this server is full.",
  )
}

/** The refusal of an upload for which there is no room. It is sent again until there is some. */
export const storageFull = (sentence: string) =>
  new Refusal("storage_full", `${sentence} The upload goes on when there is room.`, {
    retryAfterSeconds: RETRY_SECONDS,
  })
