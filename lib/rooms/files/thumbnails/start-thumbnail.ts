import "server-only"
import { randomBytes } from "node:crypto"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db, type Tx } from "#lib/adapters/database.ts"
import { requireUploadRoom } from "#lib/adapters/host/disk-room.ts"
import { PUT_TTL_SECONDS, presignPut } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import type { ThumbnailInput, ThumbnailUpload } from "#lib/rooms/files/file.ts"
import { anyColour } from "#lib/rooms/files/objects/colours.ts"
import { doomObjects } from "#lib/rooms/files/objects/doom-objects.ts"
import { fileIdOrRefuse, noSuchFile } from "#lib/rooms/files/require-file.ts"
import { hasThumbnail } from "./thumbnail.ts"

/** The maximum number of thumbnail objects of a file, because the quota does not count them. */
const OBJECTS_PER_FILE = 4

/**
 * Signs the PUT of a small picture of a file, which is stored in a separate object. Ends an
 * unfinished one that was begun before. Refuses `not_found`, (conflict) a file that is not ready or
 * has no picture, `too_many` and `storage_full`.
 */
export async function startThumbnail(
  owner: OwnerId,
  id: string,
  { size, contentType }: ThumbnailInput,
): Promise<ThumbnailUpload> {
  const fileId = fileIdOrRefuse(id)
  requireUploadRoom(size)
  const key = `o/${randomBytes(20).toString("hex")}`
  const colour = await anyColour()
  const signedAt = await databaseTime()
  const putExpiresAt = new Date(Number(signedAt) + PUT_TTL_SECONDS * 1_000)
  await db.$transaction(async (tx) => {
    await lockFile(tx, owner, fileId)
    await endUnfinished(tx, fileId)
    await tx.object.create({
      data: { key, fileId, kind: "thumbnail", size, contentType, colour, putExpiresAt },
      select: { key: true },
    })
  })
  return { upload: { method: "put", ...(await presignPut({ key, size, contentType, signedAt })) } }
}

async function lockFile(tx: Tx, owner: OwnerId, fileId: string) {
  const [file] = await tx.$queryRaw<{ name: string; status: string; contentType: string }[]>`
    SELECT name, status::text, content_type AS "contentType" FROM file
    WHERE id = ${fileId}::uuid AND owner_id = ${owner}::uuid AND deleted_at IS NULL
    FOR NO KEY UPDATE`
  if (!file) throw noSuchFile()
  if (file.status !== "ready") {
    throw refusal("conflict", "thumbnail_early", { name: file.name })
  }
  if (!hasThumbnail(file.contentType)) {
    throw refusal("conflict", "thumbnail_kind", { name: file.name })
  }
}

async function endUnfinished(tx: Tx, fileId: string) {
  const objects = await tx.$queryRaw<unknown[]>`
    SELECT key FROM object
    WHERE file_id = ${fileId}::uuid AND kind = 'thumbnail' FOR UPDATE`
  if (objects.length >= OBJECTS_PER_FILE) {
    const retryAfterSeconds = 2 * PUT_TTL_SECONDS
    throw refusal("too_many", "thumbnail_often", {}, { retryAfterSeconds })
  }
  await doomObjects(tx, { fileId, kind: "thumbnail", state: "uploading" })
}
