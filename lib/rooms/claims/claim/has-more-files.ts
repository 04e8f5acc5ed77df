import "server-only"
import { db } from "#lib/adapters/database.ts"

/** Whether a link has more than this number of files. Counts no further than that. */
export async function hasMoreFilesThan(
  most: number,
  publicId: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const link = await db.link.findUnique({ where: { publicId }, select: { shareId: true } })
  if (!link) return false
  const { shareId } = link
  const where = { shareId, removedAt: null }
  return (await db.shareFile.count({ where, take: most + 1 })) > most
}
