import "server-only"
import { db, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { fileIdOrRefuse, noSuchFile, requireFile } from "#lib/rooms/files/require-file.ts"
import { beginCutOff } from "./begin-cut-off.ts"
import type { CutOffView } from "./cut-off.ts"
import { findFileCutOff } from "./read-cut-off.ts"
import { runCutOffFor } from "./run-cut-off.ts"

const WAIT_MS = 2_000

/**
 * Ends every URL that was minted for a file. Its shares stay open, and their next click mints a new
 * URL. Refuses `not_found`, and (conflict) an upload that has not ended.
 */
export async function cutOffFile(
  owner: OwnerId,
  id: string,
): Promise<FileView & { cutOff: CutOffView | null }> {
  const fileId = fileIdOrRefuse(id)
  const cutOff = await db.$transaction((tx) => begin(tx, owner, fileId))
  await runCutOffFor(cutOff, WAIT_MS)
  return { ...(await requireFile(owner, fileId)), cutOff: await findFileCutOff(fileId) }
}

async function begin(tx: Tx, owner: OwnerId, fileId: string) {
  const [file] = await tx.$queryRaw<{ status: string; name: string }[]>`
    SELECT status::text, name FROM file
    WHERE id = ${fileId}::uuid AND owner_id = ${owner}::uuid AND deleted_at IS NULL
    FOR NO KEY UPDATE`
  if (!file) throw noSuchFile()
  if (file.status !== "ready") {
    throw refusal("conflict", "no_links_yet", { name: file.name })
  }
  const id = await beginCutOff(tx, { requestedById: owner, fileId })
  await tx.file.update({ where: { id: fileId }, data: { cutOffId: id }, select: { id: true } })
  const { name } = file
  const entry = { actorId: owner, action: "file.cut_off", targetId: fileId, details: { name } }
  await recordAudit(tx, entry)
  return id
}
