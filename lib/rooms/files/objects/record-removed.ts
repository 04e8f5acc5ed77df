import "server-only"
import type { Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { namedOwner } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { recordFile } from "#lib/rooms/audit/record-file.ts"
import type { RemovedFile } from "#lib/rooms/files/delete-file.ts"

/** Writes the audit entry of a file that a job removed, last in its transaction. */
export async function recordRemoved(
  tx: Tx,
  action: "file.abandon" | "file.lose",
  { id, ownerId, name, path, size }: RemovedFile,
  actId?: string,
): Promise<void> {
  const owner = await tx.member.findUniqueOrThrow({
    where: { id: ownerId },
    select: { name: true, email: true, kind: true },
  })
  const entry = {
    actorId: null,
    action,
    targetId: id,
    details: {
      name: plainName(name),
      size: Number(size),
      member: namedOwner(owner),
    },
  }
  if (actId) await recordAudit(tx, { ...entry, actId })
  else await recordFile(tx, { ...entry, path })
}
