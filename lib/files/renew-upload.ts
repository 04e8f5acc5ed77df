import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { presignPut } from "#lib/storage.ts"
import { beginParts } from "./begin-parts.ts"
import type { FileView, UploadView } from "./file.ts"
import { toFileView } from "./file-view.ts"
import { partCountOf } from "./part-sizes.ts"
import { extendUpload, takesNoBytes } from "./uploading.ts"

/** How to go on with a file whose bytes have not arrived: a fresh PUT, or its parts. Refuses `conflict` when they have. */
export async function renewUpload(
  owner: MemberId,
  id: string,
): Promise<{ file: FileView; upload: UploadView }> {
  const uploading = await extendUpload(owner, id)
  if (!uploading) throw await takesNoBytes(owner, id)
  const file = toFileView(uploading)
  const { key, uploadId, contentType, sha256 } = uploading
  if (uploading.partSize === null) {
    const put = await presignPut({
      ...{ key, size: file.size, contentType },
      sha256: sha256 ?? undefined,
    })
    return { file, upload: { method: "put", ...put } }
  }
  const { checksums } = uploadId ? uploading : await beginParts(uploading)
  const partSize = Number(uploading.partSize)
  const partCount = partCountOf({ size: file.size, partSize })
  return { file, upload: { method: "multipart", partSize, partCount, checksums } }
}
