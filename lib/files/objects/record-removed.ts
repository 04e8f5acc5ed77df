import "server-only"
import { recordAudit } from "#lib/audit/record-audit.ts"
import type { Tx } from "#lib/db.ts"
import type { RemovedFile } from "#lib/files/delete-file.ts"
import { plainName } from "#lib/text/plain-text.ts"

/**
 * Writes the audit entry of a file that a job removed, in the job's transaction; it names the
 * owner.
 */
export async function recordRemoved(
  tx: Tx,
  action: "file.abandon" | "file.lose",
  { id, ownerId, name, size }: RemovedFile,
  actId?: string,
): Promise<void> {
  const owner = await tx.member.findUniqueOrThrow({
    where: { id: ownerId },
    select: { name: true, email: true },
  })
  await recordAudit(tx, {
    actorId: null,
    action,
    targetId: id,
    ...(actId ? { actId } : {}),
    details: {
      name: plainName(name),
      size: Number(size),
      member: `${owner.name} <${owner.email}>`,
    },
  })
}
