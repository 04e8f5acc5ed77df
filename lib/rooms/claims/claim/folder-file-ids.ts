import "server-only"
import { db } from "#lib/adapters/database.ts"
import { listSharedFiles } from "#lib/rooms/shares/list/list-shared-files.ts"

/** An id that no file has, so that a claim of it is refused for the first reason that applies. */
const NO_FILE = "00000000-0000-0000-0000-000000000000"
const MOST = 10_000

type Part = { folder: string; q?: string | undefined }

/**
 * Returns the ids of the files of a folder, at any depth, that are ready and match a search. It
 * returns at least one.
 */
export async function folderFileIds(publicId: Uint8Array<ArrayBuffer>, { folder, q = "" }: Part) {
  const link = await db.link.findUnique({ where: { publicId }, select: { shareId: true } })
  if (!link) return [NO_FILE]
  const { files } = await listSharedFiles({ shareId: link.shareId, folder, q, limit: MOST })
  const ids = files.filter(({ status }) => status === "ready").map(({ id }) => id)
  return ids.length > 0 ? ids : [NO_FILE]
}
