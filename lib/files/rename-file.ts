import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import type { FileView } from "./file.ts"
import { fileSelect, toFileView } from "./file-columns.ts"
import { fileIdOrRefuse, noSuchFile } from "./require-file.ts"

/** Renames a file; visitors of its shares see the new name at once. */
export async function renameFile(owner: MemberId, id: string, name: string): Promise<FileView> {
  const [file] = await db.file.updateManyAndReturn({
    where: { id: fileIdOrRefuse(id), ownerId: owner, deletedAt: null },
    data: { name },
    select: fileSelect,
  })
  if (!file) throw noSuchFile()
  return toFileView(file)
}
