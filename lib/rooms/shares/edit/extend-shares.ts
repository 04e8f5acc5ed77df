import "server-only"
import { db, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { recordParts } from "#lib/rooms/audit/record-audit.ts"
import { lockSettings } from "#lib/rooms/settings/read-settings.ts"
import { moveEnd } from "#lib/rooms/shares/bulk/move-end.ts"
import { idsOf, inBatches, lockedShares } from "#lib/rooms/shares/bulk/write-in-batches.ts"
import { refuseOpening, settingsOf } from "./allowed-conditions.ts"
import { settleQuestions } from "./settle-questions.ts"

/**
 * Extends the owner's shares that end before `expiresAt`, including expired ones, in batches, each
 * with an audit entry for every share. Does not change revoked shares, or any if that time has
 * passed. Returns the number of extended shares. Refuses like `editShare`; then the whole batch of
 * the refused share is not changed.
 */
export async function extendShares(
  owner: MemberId,
  ids: string[],
  expiresAt: Date,
): Promise<{ count: number }> {
  const earlier = sql`id = ANY(${ids}::uuid[]) AND owner_id = ${owner}::uuid AND revoked_at IS NULL
    AND share_kind = 'share'
    AND expires_at < ${expiresAt} AND ${expiresAt}::timestamptz > clock_timestamp()`
  const count = await inBatches(earlier, (where, limit) =>
    db.$transaction((tx) => extend(tx, { owner, expiresAt, chosen: lockedShares(where, limit) })),
  )
  return { count }
}

type Extension = { owner: MemberId; expiresAt: Date; chosen: Sql }

async function extend(tx: Tx, { owner, expiresAt, chosen }: Extension) {
  const settings = settingsOf("share", await lockSettings(tx))
  const to = expiresAt.toISOString()
  const extended = await moveEnd(tx, chosen, to)
  for (const share of extended) refuseOpening(settings, share, share.now)
  const parts = extended.map(({ id, title, expiresBefore }) => ({
    targetId: id,
    details: {
      title,
      changed: "expiresAt",
      expiresAt: to,
      expiresAtBefore: expiresBefore?.toISOString() ?? null,
    },
  }))
  await recordParts(tx, { actorId: owner, action: "share.edit", parts })
  await settleQuestions(tx, idsOf(extended), "edited")
  return extended
}
