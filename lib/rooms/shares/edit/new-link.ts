import "server-only"
import { db, rawSql, type Tx } from "#lib/adapters/database.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import type { Actor } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { isCapped, lockSettings } from "#lib/rooms/settings/read-settings.ts"
import { provisionalExposure, settleExposure } from "#lib/rooms/shares/exposure.ts"
import { noSuchShare, requireShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import type { ShareKind, ShareView } from "#lib/rooms/shares/share.ts"
import { shareDetails } from "#lib/rooms/shares/share-details.ts"
import { isUnverified } from "#lib/rooms/shares/share-sql.ts"
import { type Opening, refuseOpening, settingsOf } from "./allowed-conditions.ts"

/**
 * Replaces the open link of a share; the links of recipients stay. A revoked share or link stays
 * revoked. Refuses `not_found`, and to a token a share outside of its caps as `editShare` does.
 */
export async function newLink(actor: Actor, id: string): Promise<ShareView> {
  await replaceLink(actor, id, "share")
  return requireShare(actor.owner, id)
}

type Replaced = Opening & { open: boolean; title: string; now: Date }

/** Replaces the open link of a share of this kind, and calls `also` in the same transaction. */
export async function replaceLink(
  { owner, token }: Actor,
  id: string,
  kind: ShareKind,
  also: (tx: Tx) => Promise<unknown> = async () => {},
): Promise<void> {
  const publicId = newPublicId()
  const wasOpen = await db.$transaction(async (tx) => {
    const settings = settingsOf(kind, await lockSettings(tx, token))
    const [share] = await tx.$queryRaw<Replaced[]>`
      UPDATE share SET exposed_until = CASE WHEN revoked_at IS NULL THEN ${provisionalExposure} ELSE exposed_until END,
        cut_off_id = CASE WHEN revoked_at IS NOT NULL THEN cut_off_id END
      WHERE id = ${shareIdOrRefuse(id)}::uuid AND owner_id = ${owner}::uuid
        AND share_kind = ${kind}::share_kind
      RETURNING revoked_at IS NULL AS open, title, starts_at AS "startsAt",
        expires_at AS "expiresAt", password_hash AS "passwordHash",
        ${rawSql(isUnverified("share"))} AS unverified,
        clock_timestamp() AS now`
    if (!share) throw noSuchShare()
    if (isCapped(token)) refuseOpening(settings, share, share.now)
    await tx.link.updateMany({
      where: { shareId: id, open: true },
      data: { publicId, proofVersion: { increment: 1 } },
    })
    await also(tx)
    const details = shareDetails({ title: share.title, kind })
    await recordAudit(tx, { actorId: owner, action: "share.new_link", targetId: id, details })
    return share.open
  })
  if (wasOpen) await settleExposure([id])
}
