import "server-only"
import { db } from "#lib/adapters/database.ts"
import { listSharedFiles } from "#lib/rooms/shares/list/list-shared-files.ts"

/** An id that no file has, so that a claim of it is refused for the first reason that applies. */
const NO_FILE = "00000000-0000-0000-0000-000000000000"
const MOST = 10_000

type PublicId = Uint8Array<ArrayBuffer>

const findShare = (publicId: PublicId) =>
  db.link.findUnique({ where: { publicId }, select: { shareId: true } })

/** Whether a link has more than this number of files. Counts no further than that. */
export async function hasMoreFilesThan(most: number, publicId: PublicId): Promise<boolean> {
  const link = await findShare(publicId)
  if (!link) return false
  const where = { shareId: link.shareId, removedAt: null }
  return (await db.shareFile.count({ where, take: most + 1 })) > most
}

type Part = { folder: string; q?: string | undefined }

/** Returns the ids of a folder's ready files, at any depth, that match a search; at least one. */
export async function folderFileIds(publicId: PublicId, { folder, q = "" }: Part) {
  const link = await findShare(publicId)
  if (!link) return [NO_FILE]
  const { files } = await listSharedFiles({ shareId: link.shareId, folder, q, limit: MOST })
  const ids = files.filter(({ status }) => status === "ready").map(({ id }) => id)
  return ids.length > 0 ? ids : [NO_FILE]
}
