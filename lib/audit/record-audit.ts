import "server-only"
import type { Tx } from "#lib/db.ts"

type NewEntry = {
  /** Null for what the installation does by itself. */
  actorId: string | null
  /** room.verb, for example "share.revoke". */
  action: string
  targetId?: string
  /** What a reader needs to understand the entry; never a secret. */
  details?: Record<string, string | number | boolean | null>
}

/**
 * Inserts an audit entry in the transaction of the action, with the actor's current name and
 * address.
 */
export async function recordAudit(
  tx: Pick<Tx, "member" | "auditEntry">,
  { actorId, action, targetId, details = {} }: NewEntry,
): Promise<void> {
  const member = actorId
    ? await tx.member.findUniqueOrThrow({
        where: { id: actorId },
        select: { name: true, email: true },
      })
    : null
  const actor = member ? `${member.name} <${member.email}>` : "Lapse"
  await tx.auditEntry.create({
    data: { actorId, actor, action, targetId: targetId ?? null, details },
    select: { id: true },
  })
}
