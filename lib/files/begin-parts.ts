import "server-only"
import { db } from "#lib/db.ts"
import { abortMultipart, createMultipart } from "#lib/storage.ts"
import { noSuchFile } from "./file-view.ts"

type Wanted = {
  key: string
  contentType: string
  /** The upload this one takes the place of; null: the first. */
  uploadId: string | null
  /** Whether the browser gives every part's SHA-256. */
  checksums: boolean
}
type Begun = { uploadId: string; checksums: boolean }

/**
 * Begins the upload in parts of an object, or begins it anew where the store gave it up. Of several
 * at once one wins and the others take its upload. Refuses `not_found` when the file was cancelled.
 */
export async function beginParts({ key, contentType, ...before }: Wanted): Promise<Begun> {
  const begun = await createMultipart(key, { contentType, checksums: before.checksums })
  const { count } = await db.object.updateMany({
    where: { key, state: "uploading", uploadId: before.uploadId },
    data: begun,
  })
  if (count > 0) return begun
  await abortMultipart(key, begun.uploadId)
  const winner = await db.object.findFirst({
    where: { key, state: "uploading" },
    select: { uploadId: true, checksums: true },
  })
  if (!winner?.uploadId) throw noSuchFile()
  return { uploadId: winner.uploadId, checksums: winner.checksums }
}
