import "server-only"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import type { AdminId } from "./member.ts"

/** Ends an invite that nobody has used. Refuses (not_found) one that is used or gone. */
export async function withdrawInvite(admin: AdminId, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.invite.deleteMany({ where: { id, usedAt: null } })
    if (count === 0) throw new Refusal("not_found", "There is no such open invitation.")
    await recordAudit(tx, { actorId: admin, action: "invite.withdraw", targetId: id })
  })
}
