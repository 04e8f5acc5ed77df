import "server-only"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { FileView } from "./file.ts"
import { fileSelect, viewFor } from "./file-columns.ts"
import { isGuest, type Uploader } from "./upload/uploader.ts"

/**
 * Returns a file of its owner, or of the guest who sent it. Refuses `not_found` to others, and
 * (gone) a guest's upload that the owner ended.
 */
export async function requireFile(by: Uploader, id: string): Promise<FileView> {
  const own = isGuest(by) ? { deliveryId: by.deliveryId } : { ownerId: by }
  const file = await db.file.findFirst({
    where: {
      id: fileIdOrRefuse(id),
      ...own,
      OR: [{ deletedAt: null }, { endedFor: "owner" }],
    },
    select: { ...fileSelect, endedFor: true },
  })
  if (!file || (file.endedFor && !isGuest(by))) throw noSuchFile()
  if (file.endedFor) throw refusal("gone", "upload_over", { name: viewFor(by, file).name })
  return viewFor(by, file)
}

export const noSuchFile = () => refusal("not_found", "no_file")

/** Returns the id. A malformed one is refused as unknown; PostgreSQL would throw. */
export function fileIdOrRefuse(id: string) {
  if (!isUuid(id)) throw noSuchFile()
  return id
}
