import "server-only"
import { db } from "#lib/adapters/database.ts"
import { abortMultipart, createMultipart } from "#lib/adapters/storage.ts"
import { noSuchFile } from "#lib/rooms/files/require-file.ts"

type Beginning = {
  key: string
  contentType: string
  /** The upload that this one replaces; null for the first. */
  uploadId: string | null
  /** Whether the browser sends every part's SHA-256. */
  checksums: boolean
}
type Begun = { uploadId: string; checksums: boolean }

/**
 * Begins an object's multipart upload, or a new one if the store aborted it. Of concurrent calls,
 * one begins it and the others use its upload. Refuses `not_found` if the file was cancelled.
 */
export async function beginMultipart({ key, contentType, ...before }: Beginning): Promise<Begun> {
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
