import "server-only"
import type { AdminId } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db } from "#lib/db.ts"
import { requireAnyShare } from "./require-share.ts"
import type { AdminShareView } from "./share.ts"
import { shareIdOrRefuse } from "./share-id.ts"

/** Takes any revoke back, with an audit entry in the same transaction. Refuses `not_found`. */
export async function restoreShareAsAdmin(admin: AdminId, id: string): Promise<AdminShareView> {
  await db.$transaction(async (tx) => {
    const [share] = await tx.share.updateManyAndReturn({
      where: { id: shareIdOrRefuse(id), revokedAt: { not: null } },
      data: {
        revokedAt: null,
        revokedById: null,
        revokedByAdmin: false,
        revokeReason: null,
        exposedUntil: null,
      },
      select: { title: true },
    })
    if (!share) return
    await recordAudit(tx, {
      actorId: admin,
      action: "share.restore",
      targetId: id,
      details: { title: share.title },
    })
  })
  return requireAnyShare(admin, id)
}
