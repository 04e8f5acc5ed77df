import "server-only"
import { db } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import type { FileView } from "./file.ts"
import { fileSelect, toFileView } from "./file-columns.ts"
import { nameSharesOf } from "./name-shares.ts"
import { fileIdOrRefuse, noSuchFile } from "./require-file.ts"

/** Renames a file. Visitors of its shares see the new name at once. Refuses `not_found`. */
export async function renameFile(owner: OwnerId, id: string, name: string): Promise<FileView> {
  const fileId = fileIdOrRefuse(id)
  return db.$transaction(async (tx) => {
    const [before] = await tx.$queryRaw<{ name: string }[]>`
      SELECT name FROM file
      WHERE id = ${fileId}::uuid AND owner_id = ${owner}::uuid AND deleted_at IS NULL
      FOR NO KEY UPDATE`
    if (!before) throw noSuchFile()
    const file = await tx.file.update({ where: { id: fileId }, data: { name }, select: fileSelect })
    if (before.name !== name) {
      await nameSharesOf(tx, [{ id: fileId, name: before.name }])
      const details = { before: plainName(before.name), name: plainName(name) }
      await recordAudit(tx, { actorId: owner, action: "file.rename", targetId: fileId, details })
    }
    return toFileView(file)
  })
}
