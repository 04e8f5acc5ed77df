import "server-only"
import { requireUploadRoom } from "#lib/adapters/host/disk-room.ts"
import { presignPut } from "#lib/adapters/storage.ts"
import { hasArrived, type RepeatedUpload, type StartedUpload } from "#lib/rooms/files/file.ts"
import { viewFor } from "#lib/rooms/files/file-columns.ts"
import { requireFile } from "#lib/rooms/files/require-file.ts"
import { beginMultipart } from "./parts/begin-multipart.ts"
import { partCountOf } from "./parts/part-sizes.ts"
import { extendUpload, notPending, type SignableUpload, uploadIsOver } from "./pending-upload.ts"
import type { Uploader } from "./uploader.ts"

/**
 * Returns how to resume an unfinished upload: a fresh PUT, or its parts. Refuses (conflict) a ready
 * file, and (storage_full) a PUT without room. The upload is kept in both cases.
 */
export async function resumeUpload(by: Uploader, id: string): Promise<StartedUpload> {
  const pending = await extendUpload(by, id)
  if (!pending) throw await notPending(by, id)
  return instructionsFor(by, pending)
}

/** Answers as `resumeUpload`, and for a file that has arrived, which has no upload any more. */
export async function repeatUpload(by: Uploader, id: string): Promise<RepeatedUpload> {
  const pending = await extendUpload(by, id)
  if (pending) return instructionsFor(by, pending)
  const file = await requireFile(by, id)
  if (!hasArrived(file)) throw uploadIsOver(file.name)
  return { file, upload: null }
}

async function instructionsFor(by: Uploader, pending: SignableUpload): Promise<StartedUpload> {
  const file = viewFor(by, pending)
  const { key, uploadId, contentType, sha256, signedAt } = pending
  if (pending.partSize === null) {
    requireUploadRoom(file.size)
    const put = await presignPut({
      key,
      size: file.size,
      contentType,
      signedAt,
      sha256: sha256 ?? undefined,
    })
    return { file, upload: { method: "put", ...put } }
  }
  const { checksums } = uploadId ? pending : await beginMultipart(pending)
  const partSize = Number(pending.partSize)
  const partCount = partCountOf({ size: file.size, partSize })
  return { file, upload: { method: "multipart", partSize, partCount, checksums } }
}
