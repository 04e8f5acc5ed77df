import "server-only"
import { db, rawSql, sql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Actor, MemberId } from "#lib/rooms/accounts/member.ts"
import { lockSettings } from "#lib/rooms/settings/read-settings.ts"
import { editWithin } from "#lib/rooms/shares/edit/edit-share.ts"
import { settleQuestions } from "#lib/rooms/shares/edit/settle-questions.ts"
import { daysAfter } from "#lib/rooms/shares/edit/share-times.ts"
import { settleExposure } from "#lib/rooms/shares/exposure.ts"
import { noSuchShare, requireShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import { restoreWithin } from "#lib/rooms/shares/revoke/restore-share.ts"
import {
  isUsable,
  type ShareEdit,
  type ShareStatus,
  type ShareView,
} from "#lib/rooms/shares/share.ts"
import { claimsOf, statusOf } from "#lib/rooms/shares/share-sql.ts"
import { reopeningOf } from "./question.ts"

type Closed = {
  status: ShareStatus
  revokedByAdmin: boolean
  startsAt: Date | null
  maxDownloads: number | null
  downloads: number
  openQuestions: number
  now: Date
}

/**
 * Answers the questions about the owner's share by opening it again as `reopeningOf` says, with the
 * audit entries of a restore and an edit. `seen` is the status that the owner saw. Repeating it
 * changes nothing. Refuses `not_found`, `forbidden` if an admin ended the share, and `conflict` if
 * it has changed since it was seen or only lacks files.
 */
export async function reopenShare(actor: Actor, id: string, seen: ShareStatus): Promise<ShareView> {
  const shareId = shareIdOrRefuse(id)
  const closed = await db.$transaction(async (tx) => {
    const { maxShareDays } = await lockSettings(tx, actor.token)
    const share = await lockShare(tx, actor.id, shareId)
    if (isUsable(share.status)) {
      if (share.openQuestions === 0) return false
      throw refusal("conflict", "share_empty")
    }
    if (share.revokedByAdmin) {
      throw refusal("forbidden", "admin_revoked")
    }
    if (share.openQuestions === 0 || share.status !== seen) {
      throw refusal("conflict", "share_changed")
    }
    return reopen(tx, { actor, shareId, share, maxShareDays })
  })
  if (closed) await settleExposure([shareId])
  return requireShare(actor.id, shareId)
}

type Reopened = { actor: Actor; shareId: string; share: Closed; maxShareDays: number | null }

async function reopen(tx: Tx, { actor, shareId, share, maxShareDays }: Reopened) {
  const { restore, days, downloads } = reopeningOf(share, maxShareDays)
  const opensAt = share.startsAt && share.startsAt > share.now ? share.startsAt : share.now
  const edit: ShareEdit = {
    ...(days > 0 && { expiresAt: daysAfter(opensAt, days) }),
    ...(downloads > 0 && { maxDownloads: share.downloads + downloads }),
  }
  if (restore) await restoreWithin(tx, actor, { where: sql`id = ${shareId}::uuid`, limit: 1 })
  const closed = await editWithin(tx, { actor, shareId, edit })
  await settleQuestions(tx, [shareId], "opened")
  return closed
}

async function lockShare(tx: Tx, owner: MemberId, id: string) {
  const [share] = await tx.$queryRaw<Closed[]>`
    SELECT ${rawSql(statusOf("s"))} AS status, revoked_by_admin AS "revokedByAdmin",
      starts_at AS "startsAt", max_downloads AS "maxDownloads",
      ${rawSql(claimsOf("s"))}::int AS downloads, open_questions AS "openQuestions",
      clock_timestamp() AS now
    FROM share s
    WHERE id = ${id}::uuid AND owner_id = ${owner}::uuid
    FOR NO KEY UPDATE`
  if (!share) throw noSuchShare()
  return share
}
