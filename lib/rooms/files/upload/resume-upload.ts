import "server-only"
import { requireUploadRoom } from "#lib/adapters/host/disk-room.ts"
import { presignPut } from "#lib/adapters/storage.ts"
import type { FileView, UploadView } from "#lib/rooms/files/file.ts"
import { viewFor } from "#lib/rooms/files/file-columns.ts"
import { beginMultipart } from "./parts/begin-multipart.ts"
import { partCountOf } from "./parts/part-sizes.ts"
import { extendUpload, notPending } from "./pending-upload.ts"
import type { Uploader } from "./uploader.ts"

/**
 * Returns how to resume an unfinished upload: a fresh PUT, or its parts. Refuses (conflict) a ready
 * file, and (storage_full) a PUT without room. The upload is kept in both cases.
 */
export async function resumeUpload(
  by: Uploader,
  id: string,
): Promise<{ file: FileView; upload: UploadView }> {
  const pending = await extendUpload(by, id)
  if (!pending) throw await notPending(by, id)
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
