import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import type { FileView } from "./file.ts"
import { fileIdOrRefuse, fileSelect, noSuchFile, toFileView } from "./file-view.ts"

/** One of the owner's files. Refuses `not_found`, also for another member's. */
export async function requireFile(owner: MemberId, id: string): Promise<FileView> {
  const file = await db.file.findFirst({
    where: { id: fileIdOrRefuse(id), ownerId: owner, deletedAt: null },
    select: fileSelect,
  })
  if (!file) throw noSuchFile()
  return toFileView(file)
}
