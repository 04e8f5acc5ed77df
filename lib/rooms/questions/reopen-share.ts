import "server-only"
import { db, rawSql, sql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Actor, OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { lockSettings } from "#lib/rooms/settings/read-settings.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import { settingsOf } from "#lib/rooms/shares/edit/allowed-conditions.ts"
import { editWithin } from "#lib/rooms/shares/edit/edit-share.ts"
import { settleQuestions } from "#lib/rooms/shares/edit/settle-questions.ts"
import { daysAfter } from "#lib/rooms/shares/edit/share-times.ts"
import { settleExposure } from "#lib/rooms/shares/exposure.ts"
import { refuseRecipient } from "#lib/rooms/shares/links/add-links.ts"
import { lockShareOfLinks } from "#lib/rooms/shares/links/change-link.ts"
import { noSuchShare, requireShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import { restoreWithin } from "#lib/rooms/shares/revoke/restore-share.ts"
import {
  isUsable,
  type ShareEdit,
  type ShareStatus,
  type ShareView,
} from "#lib/rooms/shares/share.ts"
import { askedLinks, claimsOf, statusOf } from "#lib/rooms/shares/share-sql.ts"
import { EXTRA_DOWNLOADS, reopeningOf } from "./question.ts"

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
 * audit entries of a restore and an edit, and the ended links by which somebody asked. A share that
 * is open gets those links alone. `seen` is the status that the owner saw. Repeating it changes
 * nothing. Refuses `not_found`, `forbidden` if an admin ended the share, `conflict` if it has changed
 * since it was seen or only lacks files, links that a setting forbids, and to a token a share outside
 * of its caps.
 */
export async function reopenShare(actor: Actor, id: string, seen: ShareStatus): Promise<ShareView> {
  const shareId = shareIdOrRefuse(id)
  const closed = await db.$transaction(async (tx) => {
    const settings = await lockSettings(tx, actor.token)
    const share = await lockShare(tx, actor.owner, shareId)
    if (isUsable(share.status)) {
      if (share.openQuestions === 0) return false
      await lockShareOfLinks(tx, { actor, shareId, kind: "share" }, true)
      if (await reopenLinks(tx, { actor, shareId, settings })) return false
      throw refusal("conflict", "share_empty")
    }
    if (share.revokedByAdmin) {
      throw refusal("forbidden", "admin_revoked")
    }
    if (share.openQuestions === 0 || share.status !== seen) {
      throw refusal("conflict", "share_changed")
    }
    return reopen(tx, { actor, shareId, share, settings })
  })
  if (closed) await settleExposure([shareId])
  return requireShare(actor.owner, shareId)
}

type Asked = { actor: Actor; shareId: string; settings: Settings }

/** Reopens the ended links by which somebody asked, and answers. Returns whether there are any. */
async function reopenLinks(tx: Tx, { actor, shareId, settings }: Asked): Promise<boolean> {
  const links = await tx.$queryRaw<AskedLink[]>`
    SELECT id, address, verify, revoked_at AS "revokedAt", downloads, max_downloads AS "maxDownloads"
    FROM link WHERE id IN ${rawSql(askedLinks("link.share_id"))} AND share_id = ${shareId}::uuid
    ORDER BY id FOR NO KEY UPDATE`
  for (const { id, revokedAt, downloads, maxDownloads, ...link } of links) {
    refuseRecipient(settingsOf("share", settings), link)
    const isUsedUp = maxDownloads !== null && downloads >= maxDownloads
    const more = isUsedUp && { maxDownloads: downloads + EXTRA_DOWNLOADS }
    await tx.link.update({ where: { id }, data: { revokedAt: null, exposedUntil: null, ...more } })
    await recordAudit(tx, {
      actorId: actor.owner,
      action: revokedAt ? "share.restore_link" : "share.edit_link",
      targetId: shareId,
      details: { link: id, ...(isUsedUp && { changed: "maxDownloads" }) },
    })
  }
  await settleQuestions(tx, [shareId], "opened")
  return links.length > 0
}

type AskedLink = {
  id: string
  address: string
  verify: boolean
  revokedAt: Date | null
  downloads: number
  maxDownloads: number | null
}

type Reopened = Asked & { share: Closed }

async function reopen(tx: Tx, { share, ...asked }: Reopened) {
  const { actor, shareId, settings } = asked
  const { restore, days, downloads } = reopeningOf(share, settings.maxShareDays)
  const opensAt = share.startsAt && share.startsAt > share.now ? share.startsAt : share.now
  const edit: ShareEdit = {
    ...(days > 0 && { expiresAt: daysAfter(opensAt, days) }),
    ...(downloads > 0 && { maxDownloads: share.downloads + downloads }),
  }
  if (restore) await restoreWithin(tx, actor, { where: sql`id = ${shareId}::uuid`, limit: 1 })
  const closed = await editWithin(tx, { actor, shareId, edit })
  await reopenLinks(tx, asked)
  return closed
}

async function lockShare(tx: Tx, owner: OwnerId, id: string) {
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
