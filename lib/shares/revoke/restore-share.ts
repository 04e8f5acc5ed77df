import "server-only"
import type { AdminId, MemberId } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { ticketSeconds } from "#lib/configuration.ts"
import { db, rawSql, type Tx } from "#lib/db.ts"
import { lockSettings } from "#lib/settings/read-settings.ts"
import { type Opening, refuseOpening } from "#lib/shares/edit/allowed-conditions.ts"
import { settleQuestions } from "#lib/shares/edit/settle-questions.ts"
import { requireAnyShare, requireShare, shareIdOrRefuse } from "#lib/shares/require-share.ts"
import type { AdminShareView, ShareStatus, ShareView } from "#lib/shares/share.ts"
import { statusOf } from "#lib/shares/share-sql.ts"
import { refusal } from "#lib/text/sentences.ts"

/**
 * Undoes an owner's revoke, with an audit entry. Refuses `not_found`, `forbidden` if an admin
 * revoked the share, and what the settings would not allow a new share: `not_allowed`, or `invalid`
 * for its end. After a refusal it stays revoked, and an edit can correct it first.
 */
export async function restoreShare(owner: MemberId, id: string): Promise<ShareView> {
  const shareId = shareIdOrRefuse(id)
  await db.$transaction(async (tx) => {
    if (await restoreWithin(tx, owner, shareId)) await settleQuestions(tx, shareId, "restored")
  })
  const share = await requireShare(owner, id)
  if (share.revokedBy?.admin) {
    throw refusal("forbidden", "admin_revoked")
  }
  return share
}

/**
 * Undoes an owner's revoke in a transaction of the caller. Returns false if the owner did not
 * revoke the share. Within the lifetime of a ticket the tickets from before the revoke become valid
 * again, so that no visitor's download counts twice, unless there was a new link, a password change
 * or a cut off in between.
 */
export async function restoreWithin(tx: Tx, owner: MemberId, id: string): Promise<boolean> {
  const settings = await lockSettings(tx)
  const [restored] = await tx.$queryRaw<Restored[]>`
    UPDATE share SET ticket_epoch = CASE
        WHEN revoked_by_id = ${owner}::uuid
          AND revoked_at > clock_timestamp() - make_interval(secs => ${ticketSeconds()}::float8)
        THEN coalesce(epoch_before_revoke, ticket_epoch) ELSE ticket_epoch END,
      epoch_before_revoke = NULL, revoked_at = NULL, revoked_by_id = NULL, revoke_reason = NULL,
      exposed_until = NULL, cut_off_id = NULL
    WHERE id = ${id}::uuid AND owner_id = ${owner}::uuid AND revoked_at IS NOT NULL
      AND NOT revoked_by_admin
    RETURNING title, ${rawSql(statusOf("share"))} AS status, starts_at AS "startsAt",
      expires_at AS "expiresAt", password_hash AS "passwordHash", max_downloads AS "maxDownloads",
      clock_timestamp() AS now`
  if (!restored) return false
  if (isOpening(restored.status)) refuseOpening(settings, restored, restored.now)
  await record(tx, owner, id, restored.title)
  return true
}

type Restored = Opening & { title: string; status: ShareStatus; now: Date }

const isOpening = (status: ShareStatus) => status === "open" || status === "scheduled"

/**
 * Undoes any revoke, with an audit entry in the same transaction, whatever the settings say, so
 * that a share that an admin ended by mistake comes back unchanged. Refuses `not_found`.
 */
export async function restoreShareAsAdmin(admin: AdminId, id: string): Promise<AdminShareView> {
  await db.$transaction(async (tx) => {
    const [share] = await tx.share.updateManyAndReturn({
      where: { id: shareIdOrRefuse(id), revokedAt: { not: null } },
      data: {
        revokedAt: null,
        revokedById: null,
        revokedByAdmin: false,
        revokeReason: null,
        epochBeforeRevoke: null,
        exposedUntil: null,
        cutOffId: null,
      },
      select: { title: true },
    })
    if (!share) return
    await record(tx, admin, id, share.title)
    await settleQuestions(tx, id, "restored")
  })
  return requireAnyShare(admin, id)
}

async function record(tx: Tx, actorId: MemberId, targetId: string, title: string) {
  await recordAudit(tx, { actorId, action: "share.restore", targetId, details: { title } })
}
