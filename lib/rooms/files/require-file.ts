import "server-only"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import type { FileView } from "./file.ts"
import { fileSelect, toFileView } from "./file-columns.ts"

/** Returns one of the owner's files. Refuses `not_found`, also for another member's file. */
export async function requireFile(owner: MemberId, id: string): Promise<FileView> {
  const file = await db.file.findFirst({
    where: { id: fileIdOrRefuse(id), ownerId: owner, deletedAt: null },
    select: fileSelect,
  })
  if (!file) throw noSuchFile()
  return toFileView(file)
}

export const noSuchFile = () => refusal("not_found", "no_file")

/** Returns the id. A malformed one is refused as unknown; PostgreSQL would throw. */
export function fileIdOrRefuse(id: string) {
  if (!isUuid(id)) throw noSuchFile()
  return id
}
