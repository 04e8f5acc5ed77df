import "server-only"
import type { AdminId } from "#lib/accounts/member.ts"
import { db, joinSql, type Sql, sql, type Tx } from "#lib/db.ts"
import { type BulkChange, changeInBulk, continueInBulk } from "#lib/shares/bulk/change-in-bulk.ts"
import { provisionalExposure } from "#lib/shares/exposure.ts"
import { RevokeSharesInput, type RevokeSharesResult } from "#lib/shares/share.ts"
import { refusal } from "#lib/text/sentences.ts"
import { findRevoked } from "./find-revoked.ts"
import { numberToConfirm } from "./number-to-confirm.ts"
import { notRestoredSince } from "./restored-since.ts"
import { findReach } from "./revocation-reach.ts"
import { revocationCommits, revokeBatch } from "./revoke-batch.ts"

const countChanged = (number: number) =>
  refusal(
    "conflict",
    number === 0 ? "none_to_revoke" : "count_changed",
    { number },
    { field: "confirm" },
  )

/**
 * Revokes many shares at once, including those that their owners had revoked; from then on only an
 * admin restores them. Thousands are revoked in batches, so that no click waits long for a locked
 * share, each with an audit entry for the act and one for each share in its transaction; if the
 * process dies, a job revokes the rest. Shares made after the first batch are left out, and one
 * that an admin restores after it stays restored. A dry run only counts. Shares that another call
 * revokes meanwhile count as revoked already, and `exposedUntil` includes their URLs. Refuses
 * (conflict) and revokes nothing if `confirm` is not the number that would be reached.
 */
export async function revokeShares(
  admin: AdminId,
  { confirm, ...input }: RevokeSharesInput,
  limit?: number,
): Promise<RevokeSharesResult> {
  const dryRun = input.dryRun ?? false
  const named = namedBy(input)
  const before = await countShares(named)
  const reach = await findReach(named)
  const counted = { count: before.count, alreadyRevoked: before.alreadyRevoked, reach }
  if (dryRun) return { dryRun, ...counted, exposedUntil: null, id: null, acts: [] }
  const number = numberToConfirm(counted)
  if (confirm !== undefined && confirm !== number) throw countChanged(number)

  const { id, count, acts } = await changeInBulk(REVOCATION, { by: admin, input }, limit)
  const exposures = [
    (await findRevoked(admin, acts))?.exposedUntil ?? null,
    await latestExposure(sql`(${named}) AND revoked_by_admin AND revoked_at >= ${before.at}`),
  ]
  const after = await countShares(named)
  return {
    dryRun,
    reach,
    acts,
    id: input.cutOff ? id : null,
    count,
    alreadyRevoked: Math.max(0, after.alreadyRevoked - count),
    exposedUntil:
      exposures
        .filter((at) => at !== null)
        .sort()
        .at(-1) ?? null,
  }
}

/** The job that continues an interrupted revocation. */
export const continueRevokeShares = (id: string, limit?: number) =>
  continueInBulk(REVOCATION, id, limit)

const REVOCATION: BulkChange<RevokeSharesInput> = {
  kind: "revokeShares",
  parse: (input) => RevokeSharesInput.parse(input),
  rest: (_, { input }) => sql`(${namedBy(input)}) AND NOT revoked_by_admin`,
  write: (tx, asked, batch) => {
    const { by, input } = asked
    const exposed = input.cutOff ? sql`exposed_until > clock_timestamp()` : sql`false`
    const where = sql`(${namedBy(input, batch.askedAt)}) AND (NOT revoked_by_admin OR ${exposed})`
    const revocation = { admin: by, askedAt: batch.askedAt, reason: input.reason || null }
    return revokeBatch(tx, asked, {
      ...batch,
      where,
      revoke: (selected) => revoke(tx, idsOf(selected), revocation),
      details: detailsOf(input),
      cutsOffNone: true,
    })
  },
  ...revocationCommits,
}

const idsOf = (shares: { id: string }[]) => shares.map(({ id }) => id)

/**
 * The SQL condition of the selected shares. With an earlier time `at`, those that contained the
 * file then.
 */
function namedBy(input: RevokeSharesInput, at: string | null = null) {
  const { ids, ownerId, fileId, createdAfter, createdBefore } = input
  if (ids) return sql`id = ANY(${ids}::uuid[])`
  return joinSql(
    [
      ownerId && sql`owner_id = ${ownerId}::uuid`,
      fileId &&
        sql`id IN (SELECT share_id FROM share_file
          WHERE share_file.file_id = ${fileId}::uuid AND ${heldAt(at)})`,
      createdAfter && sql`created_at >= ${createdAfter}`,
      createdBefore && sql`created_at < ${createdBefore}`,
      sql`true`,
    ].filter((condition) => condition !== undefined),
    " AND ",
  )
}

const heldAt = (at: string | null) =>
  at === null
    ? sql`share_file.removed_at IS NULL`
    : sql`(share_file.removed_at IS NULL OR share_file.removed_at > ${at}::timestamptz)
        AND (share_file.added_at IS NULL OR share_file.added_at <= ${at}::timestamptz)`

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

type Revocation = { admin: string; askedAt: string | null; reason: string | null }

const revoke = (tx: Tx, ids: string[], { admin, askedAt, reason }: Revocation) =>
  tx.$queryRaw<{ id: string; title: string }[]>`
    UPDATE share SET revoked_at = coalesce(revoked_at, clock_timestamp()),
      revoked_by_id = ${admin}::uuid, revoked_by_admin = true, revoke_reason = ${reason},
      ticket_epoch = ticket_epoch + 1, epoch_before_revoke = NULL,
      cut_off_id = CASE WHEN revoked_at IS NOT NULL THEN cut_off_id END,
      exposed_until = CASE WHEN revoked_at IS NULL THEN ${provisionalExposure} ELSE exposed_until END
    WHERE id = ANY(${ids}::uuid[]) AND NOT revoked_by_admin
      AND ${notRestoredSince(askedAt, sql`member.role = 'admin'`)}
    RETURNING id::text, title`

function detailsOf(input: RevokeSharesInput) {
  const { all, ownerId, fileId, createdAfter, createdBefore, reason } = input
  return {
    ...(all ? { all } : {}),
    ...(ownerId ? { ownerId } : {}),
    ...(fileId ? { fileId } : {}),
    ...(createdAfter ? { createdAfter: createdAfter.toISOString() } : {}),
    ...(createdBefore ? { createdBefore: createdBefore.toISOString() } : {}),
    ...(input.cutOff ? { cutOff: true } : {}),
    ...(reason ? { reason } : {}),
  }
}

async function latestExposure(where: Sql) {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    SELECT max(exposed_until) AS at FROM share
    WHERE ${where} AND minted AND exposed_until > clock_timestamp()`
  return row?.at?.toISOString() ?? null
}
