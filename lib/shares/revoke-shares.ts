import "server-only"
import type { AdminId } from "#lib/accounts/member.ts"
import { recordAudit, recordParts } from "#lib/audit/record-audit.ts"
import { addToCutOff, beginCutOff, finishAdding } from "#lib/cut-offs/begin-cut-off.ts"
import { db, joinSql, type Sql, sql, type Tx } from "#lib/db.ts"
import { evenOnFullDisk } from "#lib/disk-ballast.ts"
import { finishShareCutOff } from "./cut-off-share.ts"
import { provisionalExposure, settleExposure } from "./exposure.ts"
import { findReach } from "./revocation-reach.ts"
import type { RevokeSharesInput, RevokeSharesResult } from "./share.ts"
import { inBatches, lockedShares } from "./write-in-batches.ts"

type Revoked = { id: string; title: string; wasOpen: boolean }
type Counts = Pick<RevokeSharesResult, "count" | "alreadyRevoked" | "reach">

/**
 * Revokes many shares at once, also those that their owners had revoked: from now on only an admin
 * restores them. Thousands are revoked in batches, so that no click waits long for a locked share,
 * each batch with an audit entry for the act and one for each share in its transaction. A dry run
 * only counts. What another call revoked meanwhile counts as revoked already, and its URLs too are
 * in `exposedUntil`. Before anything is revoked, `confirm` gets the figures of a dry run and may
 * throw. A share that is made in that moment may be revoked too; then it is in the count.
 */
export async function revokeShares(
  admin: AdminId,
  input: RevokeSharesInput,
  confirm: (counted: Counts) => void = () => {},
): Promise<RevokeSharesResult> {
  const dryRun = input.dryRun ?? false
  const named = namedBy(input)
  const before = await countShares(named)
  const reach = await findReach(named)
  const counted = { count: before.count, alreadyRevoked: before.alreadyRevoked, reach }
  if (dryRun) return { dryRun, ...counted, exposedUntil: null, id: null, acts: [] }
  confirm(counted)

  const cutOff = input.cutOff ? await beginFor(admin, input) : null
  let count = 0
  const acts: string[] = []
  const exposures: (string | null)[] = []
  await inBatches(sql`${named} AND NOT revoked_by_admin`, async (next) => {
    const { shares, act } = await evenOnFullDisk(() => revokeBatch({ admin, input, cutOff }, next))
    if (act) acts.push(act)
    // No URL was minted since an owner's own revoke, so that exposure stays.
    const closed = shares.filter(({ wasOpen }) => wasOpen).map(({ id }) => id)
    await evenOnFullDisk(() => settleExposure(closed))
    const ids = idsOf(shares)
    exposures.push(await latestExposure(sql`id = ANY(${ids}::uuid[])`))
    count += shares.length
    return shares
  })
  exposures.push(
    await latestExposure(sql`(${named}) AND revoked_by_admin AND revoked_at >= ${before.at}`),
  )
  const after = await countShares(named)
  if (cutOff) {
    await addExposed(cutOff, named)
    await finishAdding(db, cutOff)
    await finishShareCutOff(cutOff)
  }
  return {
    dryRun,
    reach,
    acts,
    id: cutOff,
    count,
    alreadyRevoked: Math.max(0, after.alreadyRevoked - count),
    exposedUntil:
      exposures
        .filter((at) => at !== null)
        .sort()
        .at(-1) ?? null,
  }
}

type Call = { admin: AdminId; input: RevokeSharesInput; cutOff: string | null }

function revokeBatch({ admin, input, cutOff }: Call, next: Sql) {
  return db.$transaction(async (tx) => {
    const shares = await revoke(tx, { admin, next, reason: input.reason || null })
    const act = shares.length > 0 ? await record(tx, { admin, input, shares }) : null
    if (cutOff) await addToCutOff(tx, cutOff, idsOf(shares))
    return { shares, act }
  })
}

const beginFor = (admin: AdminId, { reason }: RevokeSharesInput) =>
  db.$transaction((tx) =>
    beginCutOff(tx, { requestedById: admin, reason: reason || null, adding: true }),
  )

/** The shares that were over before, of which a URL may still work. */
async function addExposed(cutOff: string, named: Sql) {
  const exposed = sql`(${named}) AND revoked_at IS NOT NULL AND exposed_until > clock_timestamp()
    AND cut_off_id IS DISTINCT FROM ${cutOff}::uuid`
  await inBatches(exposed, (next) =>
    db.$transaction(async (tx) => {
      const shares = await tx.$queryRaw<{ id: string }[]>`
        SELECT locked_id AS id FROM (${lockedShares(next)}) AS locked`
      await addToCutOff(tx, cutOff, idsOf(shares))
      return shares
    }),
  )
}

const idsOf = (shares: { id: string }[]) => shares.map(({ id }) => id)

function namedBy({ ids, ownerId, fileId, createdAfter, createdBefore }: RevokeSharesInput) {
  if (ids) return sql`id = ANY(${ids}::uuid[])`
  return joinSql(
    [
      ownerId && sql`owner_id = ${ownerId}::uuid`,
      fileId &&
        sql`id IN (SELECT share_id FROM share_file
          WHERE share_file.file_id = ${fileId}::uuid AND share_file.removed_at IS NULL)`,
      createdAfter && sql`created_at >= ${createdAfter}`,
      createdBefore && sql`created_at < ${createdBefore}`,
      sql`true`,
    ].filter((condition) => condition !== undefined),
    " AND ",
  )
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
      ticket_epoch = ticket_epoch + 1, epoch_before_revoke = NULL,
      cut_off_id = CASE WHEN NOT was_open THEN cut_off_id END,
      exposed_until = CASE WHEN was_open THEN ${provisionalExposure} ELSE exposed_until END
    FROM chosen WHERE id = locked_id
    RETURNING id, title, was_open AS "wasOpen"`
}

type Batch = { admin: AdminId; input: RevokeSharesInput; shares: Revoked[] }

async function record(tx: Tx, { admin, input, shares }: Batch) {
  const { all, ownerId, fileId, createdAfter, createdBefore, reason } = input
  const [first] = shares
  const only = shares.length === 1 ? first : undefined
  const act = { actorId: admin, action: "share.revoke" }
  const actId = await recordAudit(tx, {
    ...act,
    ...(only ? { targetId: only.id } : {}),
    details: {
      ...(only ? { title: only.title } : { shares: shares.length }),
      ...(all ? { all } : {}),
      ...(ownerId ? { ownerId } : {}),
      ...(fileId ? { fileId } : {}),
      ...(createdAfter ? { createdAfter: createdAfter.toISOString() } : {}),
      ...(createdBefore ? { createdBefore: createdBefore.toISOString() } : {}),
      ...(input.cutOff ? { cutOff: true } : {}),
      ...(reason ? { reason } : {}),
    },
  })
  if (only) return actId
  const parts = shares.map(({ id, title }) => ({ targetId: id, details: { title } }))
  await recordParts(tx, { ...act, actId, parts })
  return actId
}

async function latestExposure(where: Sql) {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    SELECT max(exposed_until) AS at FROM share
    WHERE ${where} AND minted AND exposed_until > clock_timestamp()`
  return row?.at?.toISOString() ?? null
}
