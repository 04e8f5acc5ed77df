import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { PUT_TTL_SECONDS, presignPut } from "#lib/storage.ts"
import type { FileView, UploadView } from "./file.ts"
import { type FileRow, fileColumns, fileIdOrRefuse, toFileView } from "./file-view.ts"
import { requireFile } from "./require-file.ts"

/** A fresh PUT for a file whose bytes have not arrived. Refuses `conflict` when they have. */
export async function renewUpload(
  owner: MemberId,
  id: string,
): Promise<{ file: FileView; upload: UploadView }> {
  // The row knows of the new deadline before the URL exists: a doomed key is deleted after it.
  const [row] = await db.$queryRaw<(FileRow & { key: string })[]>`
    UPDATE object SET put_expires_at =
      greatest(put_expires_at, clock_timestamp() + make_interval(secs => ${PUT_TTL_SECONDS}::int))
    FROM file
    WHERE file.id = ${fileIdOrRefuse(id)}::uuid AND file.owner_id = ${owner}::uuid
      AND file.status = 'uploading' AND file.deleted_at IS NULL
      AND object.file_id = file.id AND object.state = 'uploading' AND object.upload_id IS NULL
    RETURNING object.key, ${fileColumns}`
  if (!row) {
    const { name } = await requireFile(owner, id)
    throw new Refusal("conflict", `“${name}” has arrived already.`)
  }
  const file = toFileView(row)
  const put = await presignPut({ key: row.key, size: file.size, contentType: file.contentType })
  return { file, upload: { method: "put", ...put } }
}
