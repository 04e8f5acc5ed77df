import "server-only"
import { db, type Tx } from "#lib/adapters/database.ts"
import { headObject, readStart } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { doomObjects } from "#lib/rooms/files/objects/doom-objects.ts"
import { giveColour } from "#lib/rooms/files/objects/give-colour.ts"
import { fileIdOrRefuse, requireFile } from "#lib/rooms/files/require-file.ts"
import { pictureSize } from "./picture-size.ts"
import { PAGE_PIXELS, THUMBNAIL_BYTES } from "./thumbnail.ts"

/**
 * Checks with the store that the thumbnail has arrived, and shows it from now on in place of the
 * previous one. Repeating it has the same result. Refuses `not_found`, `conflict` if its bytes are
 * missing, and `invalid` if they are not a small picture.
 */
export async function finishThumbnail(owner: OwnerId, id: string): Promise<FileView> {
  const fileId = fileIdOrRefuse(id)
  const file = await requireFile(owner, fileId)
  const pending = await db.object.findFirst({
    where: { fileId, kind: "thumbnail", state: "uploading", copyingUntil: null, liveSince: null },
    orderBy: { createdAt: "desc" },
    select: { key: true, size: true, colour: true },
  })
  if (!pending) {
    if (await isShown(fileId)) return file
    throw notArrived()
  }
  const stored = await headObject(pending.key)
  if (stored?.size !== Number(pending.size) || stored.contentEncoding) throw notArrived()
  await requireSmallPicture(pending.key)
  const colour = await giveColour(pending, notArrived)
  await db.$transaction((tx) => show(tx, { owner, fileId, key: pending.key, colour }))
  return file
}

const isShown = async (id: string) =>
  (await db.file.count({ where: { id, thumbnailKey: { not: null } } })) > 0

const notArrived = () => refusal("conflict", "thumbnail_missing")

/** A few bytes can encode gigabytes of pixels, which browsers would decode for each row. */
async function requireSmallPicture(key: string) {
  const size = pictureSize(await readStart(key, THUMBNAIL_BYTES))
  if (size && Math.max(size.width, size.height) <= PAGE_PIXELS) return
  throw refusal("invalid", "thumbnail_format", { pixels: PAGE_PIXELS })
}

type Shown = { owner: OwnerId; fileId: string; key: string; colour: string | null }

/**
 * The file's row is locked first, as in a delete, so that a simultaneous delete takes precedence.
 * The update needs FOR UPDATE from the start: a concurrent statement that adds the file to a share
 * has a key lock on it, and would deadlock with a weaker lock.
 */
async function show(tx: Tx, { owner, fileId, key, colour }: Shown) {
  const [file] = await tx.$queryRaw<{ former: string | null }[]>`
    SELECT thumbnail_key AS former FROM file
    WHERE id = ${fileId}::uuid AND owner_id = ${owner}::uuid AND deleted_at IS NULL
    FOR UPDATE`
  const live =
    file &&
    (await tx.$executeRaw`
      UPDATE object SET state = 'live', live_since = clock_timestamp(), colour = ${colour},
        colour_since = clock_timestamp(), tagging_since = NULL
      WHERE key = ${key} AND state = 'uploading'`)
  if (!live) return
  await tx.file.update({
    where: { id: fileId },
    data: { thumbnailKey: key },
    select: { id: true },
  })
  if (file.former) await doomObjects(tx, { key: file.former })
}
