import "server-only"
import { db, rawSql, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import type { Actor } from "#lib/rooms/accounts/member.ts"
import { recordParts } from "#lib/rooms/audit/record-audit.ts"
import { lockSettings } from "#lib/rooms/settings/read-settings.ts"
import { idsOf, inBatches, lockedShares } from "#lib/rooms/shares/bulk/write-in-batches.ts"
import { isUnverified } from "#lib/rooms/shares/share-sql.ts"
import { type Opening, refuseOpening, settingsOf } from "./allowed-conditions.ts"
import { settleQuestions } from "./settle-questions.ts"

/**
 * Extends the owner's shares that end before `expiresAt`, including expired ones, in batches, each
 * with an audit entry for every share. Does not change revoked shares, or any if that time has
 * passed. Returns the number of extended shares. Refuses like `editShare`; then the whole batch of
 * the refused share is not changed.
 */
export async function extendShares(
  actor: Actor,
  ids: string[],
  expiresAt: Date,
): Promise<{ count: number }> {
  const earlier = sql`id = ANY(${ids}::uuid[]) AND owner_id = ${actor.owner}::uuid AND revoked_at IS NULL
    AND share_kind = 'share'
    AND expires_at < ${expiresAt} AND ${expiresAt}::timestamptz > clock_timestamp()`
  const count = await inBatches(earlier, (where, limit) =>
    db.$transaction((tx) => extend(tx, { actor, expiresAt, chosen: lockedShares(where, limit) })),
  )
  return { count }
}

type Extension = { actor: Actor; expiresAt: Date; chosen: Sql }
type Extended = Opening & { id: string; title: string; expiresBefore: Date | null; now: Date }

async function extend(tx: Tx, { actor, expiresAt, chosen }: Extension) {
  const settings = settingsOf("share", await lockSettings(tx, actor.token))
  const to = expiresAt.toISOString()
  const extended = await tx.$queryRaw<Extended[]>`
    WITH chosen AS (${chosen}),
    before AS (SELECT id AS before_id, expires_at FROM share, chosen WHERE id = locked_id)
    UPDATE share SET expires_at = ${to}::timestamptz
    FROM before WHERE id = before_id
    RETURNING id::text, title, before.expires_at AS "expiresBefore", starts_at AS "startsAt",
      share.expires_at AS "expiresAt", password_hash AS "passwordHash",
      ${rawSql(isUnverified("share"))} AS unverified, clock_timestamp() AS now`
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
  await recordParts(tx, { actorId: actor.owner, action: "share.edit", parts })
  await settleQuestions(tx, idsOf(extended), "edited")
  return extended
}
