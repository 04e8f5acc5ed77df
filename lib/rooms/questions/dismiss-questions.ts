import "server-only"
import { db, type Sql, sql } from "#lib/adapters/database.ts"
import type { AdminId, OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { markAnswered } from "#lib/rooms/shares/edit/settle-questions.ts"
import { noSuchShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"

/**
 * Dismisses the questions about the owner's share, with an audit entry. The share does not change.
 * Repeating it changes nothing. Refuses not_found, even for a share that an admin ended.
 */
export async function dismissQuestions(owner: OwnerId, id: string): Promise<void> {
  await dismiss(owner, id, sql`owner_id = ${owner}::uuid AND NOT revoked_by_admin`)
}

/**
 * Dismisses the questions about a share that an admin ended, with an audit entry. The share does
 * not change. Repeating it changes nothing. Refuses not_found for any other share.
 */
export async function dismissQuestionsAsAdmin(admin: AdminId, id: string): Promise<void> {
  await dismiss(admin, id, sql`revoked_by_admin`)
}

async function dismiss(actorId: OwnerId | AdminId, id: string, whose: Sql) {
  const shareId = shareIdOrRefuse(id)
  await db.$transaction(async (tx) => {
    const [share] = await tx.$queryRaw<{ title: string; questions: number }[]>`
      SELECT title, open_questions AS questions FROM share
      WHERE id = ${shareId}::uuid AND share_kind = 'share' AND ${whose} FOR NO KEY UPDATE`
    if (!share) throw noSuchShare()
    if (share.questions === 0) return
    await tx.share.update({
      where: { id: shareId },
      data: { openQuestions: 0 },
      select: { id: true },
    })
    await markAnswered(tx, [shareId], "dismissed")
    await recordAudit(tx, { actorId, action: "share.dismiss", targetId: shareId, details: share })
  })
}
