import "server-only"
import type { AdminId } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db, type Sql, sql, type Tx } from "#lib/db.ts"
import { provisionalExposure, settleExposure } from "./exposure.ts"
import type { RevokeSharesInput, RevokeSharesResult } from "./share.ts"
import { inBatches, lockedShares } from "./write-in-batches.ts"

/** Ids listed in an audit entry; every revoked row also stores who revoked it. */
const AUDITED_IDS = 100

type Revoked = { id: string; title: string; wasOpen: boolean }

/**
 * Revokes many shares at once, also those that their owners had revoked: from now on only an admin
 * restores them. Thousands are revoked in batches, so that no click waits long for a locked share,
 * each batch with an audit entry in its transaction. A dry run only counts. What another call revoked
 * meanwhile counts as revoked already, and its URLs too are in `exposedUntil`.
 */
export async function revokeShares(
  admin: AdminId,
  input: RevokeSharesInput,
): Promise<RevokeSharesResult> {
  const dryRun = input.dryRun ?? false
  const named = namedBy(input)
  const before = await countShares(named)
  if (dryRun) {
    const { count, alreadyRevoked } = before
    return { dryRun, count, alreadyRevoked, exposedUntil: null }
  }

  let count = 0
  const exposures: (string | null)[] = []
  await inBatches(sql`${named} AND NOT revoked_by_admin`, async (next) => {
    const shares = await revokeBatch(admin, input, next)
    // No URL was minted since an owner's own revoke, so that exposure stays.
    await settleExposure(shares.filter(({ wasOpen }) => wasOpen).map(({ id }) => id))
    const ids = shares.map(({ id }) => id)
    exposures.push(await latestExposure(sql`id = ANY(${ids}::uuid[])`))
    count += shares.length
    return shares
  })
  exposures.push(
    await latestExposure(sql`(${named}) AND revoked_by_admin AND revoked_at >= ${before.at}`),
  )
  const after = await countShares(named)
  return {
    dryRun,
    count,
    alreadyRevoked: Math.max(0, after.alreadyRevoked - count),
    exposedUntil:
      exposures
        .filter((at) => at !== null)
        .sort()
        .at(-1) ?? null,
  }
}

function revokeBatch(admin: AdminId, input: RevokeSharesInput, next: Sql) {
  return db.$transaction(async (tx) => {
    const shares = await revoke(tx, { admin, next, reason: input.reason || null })
    if (shares.length) await record(tx, { admin, input, shares })
    return shares
  })
}

function namedBy({ ids, ownerId }: RevokeSharesInput) {
  if (ids) return sql`id = ANY(${ids}::uuid[])`
  if (ownerId) return sql`owner_id = ${ownerId}::uuid`
  return sql`true`
}

type Counted = { at: Date; count: number; alreadyRevoked: number }

async function countShares(named: Sql) {
  const [counted] = await db.$queryRaw<Counted[]>`
    SELECT statement_timestamp() AS at,
      (count(*) FILTER (WHERE NOT revoked_by_admin))::int AS count,
      (count(*) FILTER (WHERE revoked_by_admin))::int AS "alreadyRevoked"
    FROM share WHERE ${named}`
  if (!counted) throw new Error("An aggregate has a row.")
  return counted
}

type Revocation = { admin: AdminId; next: Sql; reason: string | null }

function revoke(tx: Tx, { admin, next, reason }: Revocation) {
  return tx.$queryRaw<Revoked[]>`
    WITH chosen AS (${lockedShares(next)})
    UPDATE share SET revoked_at = coalesce(revoked_at, clock_timestamp()),
      revoked_by_id = ${admin}::uuid, revoked_by_admin = true, revoke_reason = ${reason},
      ticket_epoch = ticket_epoch + 1,
      exposed_until = CASE WHEN was_open THEN ${provisionalExposure} ELSE exposed_until END
    FROM chosen WHERE id = locked_id
    RETURNING id, title, was_open AS "wasOpen"`
}

type Batch = { admin: AdminId; input: RevokeSharesInput; shares: Revoked[] }

async function record(tx: Tx, { admin, input, shares }: Batch) {
  const { all, ownerId, reason } = input
  const [first] = shares
  const only = shares.length === 1 ? first : undefined
  const ids = shares.slice(0, AUDITED_IDS).map(({ id }) => id)
  await recordAudit(tx, {
    actorId: admin,
    action: "share.revoke",
    ...(only ? { targetId: only.id } : {}),
    details: {
      ...(only ? { title: only.title } : { shares: shares.length, ids: ids.join(" ") }),
      ...(all ? { all } : {}),
      ...(ownerId ? { ownerId } : {}),
      ...(reason ? { reason } : {}),
    },
  })
}

async function latestExposure(where: Sql) {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    SELECT max(exposed_until) AS at FROM share
    WHERE ${where} AND minted AND exposed_until > clock_timestamp()`
  return row?.at?.toISOString() ?? null
}
