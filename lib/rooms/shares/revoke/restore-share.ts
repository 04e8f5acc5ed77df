import "server-only"
import { db, rawSql, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Actor, AdminId, OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordParts } from "#lib/rooms/audit/record-audit.ts"
import { lockSettings } from "#lib/rooms/settings/read-settings.ts"
import { idsOf, inBatches, lockedShares } from "#lib/rooms/shares/bulk/write-in-batches.ts"
import {
  type Opening,
  refuseOpening,
  settingsOf,
} from "#lib/rooms/shares/edit/allowed-conditions.ts"
import { settleQuestions } from "#lib/rooms/shares/edit/settle-questions.ts"
import { requireAnyShare, requireShare } from "#lib/rooms/shares/require-share.ts"
import {
  type AdminShareView,
  isUsable,
  type ShareKind,
  type ShareStatus,
  type ShareView,
  TICKET_SECONDS,
} from "#lib/rooms/shares/share.ts"
import { shareDetails } from "#lib/rooms/shares/share-details.ts"
import { isUnverified, statusOf } from "#lib/rooms/shares/share-sql.ts"

/**
 * Undoes an owner's revocation, with an audit entry. Refuses `not_found`, `forbidden` if an admin
 * revoked the share, and what the settings would not allow for a new share: `not_allowed`, or
 * `invalid` for its end. After a refusal the share stays revoked, and can be edited first.
 */
export async function restoreShare(actor: Actor, id: string): Promise<ShareView> {
  await requireShare(actor.owner, id)
  await restoreShares(actor, [id])
  const share = await requireShare(actor.owner, id)
  if (share.revokedBy?.admin) throw refusal("forbidden", "admin_revoked")
  return share
}

/**
 * Undoes the owner's revocations of these shares, or requests, except those that an admin revoked,
 * in batches, each with an audit entry for every share. Returns how many it restored. Refuses what
 * the settings would not allow for a new share; then the whole batch stays revoked.
 */
export const restoreShares = (actor: Actor, ids: string[], kind: ShareKind = "share") =>
  restoreEach(sql`${among(ids)} AND share_kind = ${kind}::share_kind`, (tx, batch) =>
    restoreWithin(tx, actor, batch),
  )

/** Undoes any revocations of these shares and requests, as `restoreShareAsAdmin` does. */
export const restoreSharesAsAdmin = (admin: AdminId, ids: string[]) =>
  restoreEach(among(ids), (tx, { where, limit }) =>
    restore(tx, { by: admin, epoch: sql`ticket_epoch`, where, limit }),
  )

/**
 * Undoes any revocation, with an audit entry in the same transaction. Ignores the settings, so that
 * a share that an admin ended by mistake is restored unchanged. Refuses `not_found`.
 */
export async function restoreShareAsAdmin(admin: AdminId, id: string): Promise<AdminShareView> {
  await requireAnyShare(admin, id)
  await restoreSharesAsAdmin(admin, [id])
  return requireAnyShare(admin, id)
}

type Batch = { where: Sql; limit: number }

/**
 * Undoes the owner's revocations of a batch of shares in the caller's transaction. Unexpired
 * tickets from before the revocation become valid again, so that no visitor's download counts
 * twice, unless there was a new link, a password change or a cut off in between.
 */
export async function restoreWithin(tx: Tx, { owner, token }: Actor, { where, limit }: Batch) {
  const settings = await lockSettings(tx, token)
  const epoch = sql`CASE
    WHEN revoked_by_id = ${owner}::uuid
      AND revoked_at > clock_timestamp() - make_interval(secs => ${TICKET_SECONDS}::float8)
    THEN coalesce(epoch_before_revoke, ticket_epoch) ELSE ticket_epoch END`
  const own = sql`(${where}) AND owner_id = ${owner}::uuid AND NOT revoked_by_admin`
  const restored = await restore(tx, { by: owner, epoch, where: own, limit })
  for (const share of restored) {
    if (!isUsable(share.status)) continue
    refuseOpening(settingsOf(share.kind, settings), share, share.now)
  }
  return restored
}

type Restored = Opening & {
  id: string
  title: string
  kind: ShareKind
  status: ShareStatus
  now: Date
}

/** A deleted request stays closed. */
const RESTORABLE = sql`revoked_at IS NOT NULL AND NOT EXISTS (
  SELECT FROM request WHERE request.share_id = share.id AND request.deleted_at IS NOT NULL)`

/** `epoch` is the SQL of the share's new ticket epoch. */
type Restore = Batch & { by: OwnerId | AdminId; epoch: Sql }

async function restore(tx: Tx, { by, epoch, where, limit }: Restore): Promise<Restored[]> {
  const restored = await tx.$queryRaw<Restored[]>`
    WITH chosen AS (${lockedShares(sql`(${where}) AND ${RESTORABLE}`, limit)})
    UPDATE share SET ticket_epoch = ${epoch}, epoch_before_revoke = NULL, revoked_at = NULL,
      revoked_by_id = NULL, revoked_by_admin = false, revoke_reason = NULL, exposed_until = NULL,
      cut_off_id = NULL
    FROM chosen WHERE id = locked_id
    RETURNING id::text, title, share_kind AS kind, ${rawSql(statusOf("share"))} AS status, starts_at AS "startsAt",
      expires_at AS "expiresAt", password_hash AS "passwordHash",
      ${rawSql(isUnverified("share"))} AS unverified,
      clock_timestamp() AS now`
  const parts = restored.map((each) => ({ targetId: each.id, details: shareDetails(each) }))
  await recordParts(tx, { actorId: by, action: "share.restore", parts })
  return restored
}

const among = (ids: string[]) => sql`id = ANY(${ids}::uuid[])`

async function restoreEach(which: Sql, write: (tx: Tx, batch: Batch) => Promise<Restored[]>) {
  const count = await inBatches(which, (where, limit) =>
    db.$transaction(async (tx) => {
      const restored = await write(tx, { where, limit })
      await settleQuestions(tx, idsOf(restored), "restored")
      return restored
    }),
  )
  return { count }
}
