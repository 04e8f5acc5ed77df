import "server-only"
import { HIGHEST_ID, LOWEST_ID } from "#lib/adapters/database/batch-by-batch.ts"
import { db, joinSql, longDb, rawSql, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { warnOnFailure } from "#lib/adapters/outages/warn-on-failure.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { LONGEST_LIFETIME_SECONDS } from "#lib/rooms/cut-offs/cut-off.ts"
import {
  type BulkChange,
  changeInBulk,
  continueInBulk,
  type Pace,
} from "#lib/rooms/shares/bulk/change-in-bulk.ts"
import { idsOf } from "#lib/rooms/shares/bulk/write-in-batches.ts"
import { provisionalExposure } from "#lib/rooms/shares/exposure.ts"
import {
  RevokeSharesInput,
  type RevokeSharesResult,
  type ShareKind,
} from "#lib/rooms/shares/share.ts"
import { hasStatus, isUnended } from "#lib/rooms/shares/share-sql.ts"
import { targetsOf } from "./find-revoked.ts"
import { isConfirmed, numberToConfirm } from "./number-to-confirm.ts"
import { notRestoredSince } from "./restored-since.ts"
import { findReach, recordReach } from "./revocation-reach.ts"
import { revocationCommits, revokeBatch } from "./revoke-batch.ts"

const countChanged = (number: number) =>
  refusal(
    "conflict",
    number === 0 ? "none_to_revoke" : "count_changed",
    { number },
    { field: "confirm" },
  )

/**
 * More shares are revoked before they are counted. A dry run of more does not count the revocation's
 * reach, which takes seconds.
 */
const MOST_COUNTED_SHARES = 10_000

/**
 * Revokes many shares, including those that their owners had revoked; from then on only an admin
 * can restore them. Each batch is written with an audit entry for the action and one for each
 * share. In the background it returns after the first batch, and if the process dies, a job
 * continues. Shares made after the first batch are left out, and one that an admin restores after
 * it stays restored. A dry run only counts. Shares that another call revokes meanwhile count as
 * already revoked, and `exposedUntil` includes their URLs. If a count fails, it continues, except
 * for the count that is compared with `confirm`. If that differs, it refuses (conflict) and revokes
 * nothing. In the background more than 10,000 shares are not counted before; any number above 10,000
 * confirms them.
 */
export async function revokeShares(
  admin: AdminId,
  { confirm, dryRun = false, ...input }: RevokeSharesInput,
  pace?: Pace,
): Promise<RevokeSharesResult> {
  if (dryRun) {
    const { opened: _, ...counted } = await previewRevocation(admin, input)
    return { dryRun, state: "done", ...counted, exposedUntil: null, id: null, acts: [] }
  }
  const named = namedBy(input)
  const before = pace?.inBackground
    ? ((await manyOf(named, confirm)) ?? (await countBefore(named, confirm)))
    : await countBefore(named, confirm)
  const { at, ...counted } = before ?? NOT_COUNTED

  const wanted = { by: admin, input, total: counted.count }
  const { id, count, acts, isLast } = await changeInBulk(REVOCATION, wanted, pace)
  const latest = new Date(Date.now() + LATEST_EXPOSURE_MS).toISOString()
  const result = { dryRun, ...counted, reach: null, exposedUntil: latest, acts }
  if (!isLast) return { ...result, state: "running", id, count: Math.max(count, counted.count) }
  const after = before && (await warnOnFailure(countRevoked(named, { at, acts }), UNCOUNTED))
  return {
    ...result,
    state: "done",
    count,
    ...(after && { ...after, alreadyRevoked: Math.max(0, after.alreadyRevoked - count) }),
    id: input.cutOff ? id : null,
  }
}

/**
 * Counts the shares that a revocation would change, and what it reaches. `opened` has those that
 * stop working: open shares, as the overview counts them, scheduled shares, and requests for files.
 */
export async function previewRevocation(_admin: AdminId, input: RevokeSharesInput) {
  const named = namedBy(input)
  const [{ at, ...counted }, opened] = await Promise.all([countShares(named), countOpened(named)])
  const isSmall = counted.count + counted.alreadyRevoked <= MOST_COUNTED_SHARES
  return { ...counted, opened, reach: isSmall ? await findReach(named, at) : null }
}

export type RevocationPreview = Awaited<ReturnType<typeof previewRevocation>>

/** The job that continues an interrupted revocation, and then counts its reach. */
export async function continueRevokeShares(id: string, limit?: number): Promise<void> {
  await continueInBulk(REVOCATION, id, { limit })
  await recordReach(id, (input, at) => namedBy(RevokeSharesInput.parse(input), at))
}

const REVOCATION: BulkChange<RevokeSharesInput> = {
  kind: "revokeShares",
  parse: (input) => RevokeSharesInput.parse(input),
  write: (tx, asked, batch) => {
    const { by, input } = asked
    const cutOff = input.cutOff ? asked.id : null
    const exposed = sql`exposed_until > clock_timestamp() AND cut_off_id IS DISTINCT FROM ${cutOff}::uuid`
    const where = sql`(${namedBy(input, batch.askedAt, batch)})
      AND (NOT revoked_by_admin OR ${cutOff ? exposed : sql`false`})`
    const revocation = { admin: by, askedAt: batch.askedAt, reason: input.reason || null, cutOff }
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

/**
 * Returns the SQL condition of the selected shares. With an earlier time `at`, it selects those
 * that contained the file then. The bounds of the batch keep the subquery from reading all rows of
 * the file again.
 */
function namedBy(
  input: RevokeSharesInput,
  at: string | null = null,
  { after, to } = { after: LOWEST_ID, to: HIGHEST_ID },
) {
  const { ids, ownerId, fileId, createdAfter, createdBefore } = input
  if (ids) return sql`id = ANY(${ids}::uuid[])`
  return joinSql(
    [
      ownerId && sql`owner_id = ${ownerId}::uuid`,
      fileId &&
        sql`id IN (SELECT share_id FROM share_file
          WHERE share_file.file_id = ${fileId}::uuid AND share_id > ${after}::uuid
            AND share_id <= ${to}::uuid AND ${heldAt(at)})`,
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

const NONE = { count: 0, open: 0, revokedByOwner: 0, alreadyRevoked: 0, exposed: 0 }
type Counted = typeof NONE & { at: Date }
const NOT_COUNTED: Counted = { at: new Date(0), ...NONE }
const UNCOUNTED = "the shares of a revocation could not be counted"

/** How long a URL minted until now may work, if clocks differ by less than a minute. */
const LATEST_EXPOSURE_MS = (LONGEST_LIFETIME_SECONDS + 60) * 1000

/** Returns the confirmed number as counted, if so many are confirmed and left; otherwise null. */
async function manyOf(named: Sql, confirm = 0): Promise<Counted | null> {
  if (confirm <= MOST_COUNTED_SHARES) return null
  const more = await db.$queryRaw<unknown[]>`SELECT id FROM share
    WHERE (${named}) AND NOT revoked_by_admin OFFSET ${MOST_COUNTED_SHARES} LIMIT 1`
  return more.length > 0 ? { ...NOT_COUNTED, count: confirm } : null
}

async function countBefore(named: Sql, confirm: number | undefined) {
  const counting = countShares(named)
  if (confirm === undefined) return warnOnFailure(counting, UNCOUNTED)
  const counted = await counting
  if (!isConfirmed(confirm, counted)) throw countChanged(numberToConfirm(counted))
  return counted
}

async function countShares(named: Sql) {
  const [counted] = await longDb.$queryRaw<Counted[]>`
    SELECT statement_timestamp() AS at,
      (count(*) FILTER (WHERE NOT revoked_by_admin))::int AS count,
      (count(*) FILTER (WHERE ${rawSql(isUnended("share"))}))::int AS open,
      (count(*) FILTER (WHERE NOT revoked_by_admin AND revoked_at IS NOT NULL))::int
        AS "revokedByOwner",
      (count(*) FILTER (WHERE revoked_by_admin))::int AS "alreadyRevoked",
      (count(*) FILTER (WHERE revoked_by_admin AND minted
        AND exposed_until > statement_timestamp()))::int AS exposed
    FROM share WHERE ${named}`
  if (!counted) throw new Error("An aggregate has a row.")
  return counted
}

type Opened = { shares: number; scheduled: number; requests: number }

async function countOpened(named: Sql): Promise<Opened> {
  const [counted] = await longDb.$queryRaw<Opened[]>`
    SELECT
      (count(*) FILTER (WHERE share_kind = 'share' AND ${rawSql(hasStatus("share", "open"))}))::int
        AS shares,
      (count(*) FILTER (WHERE share_kind = 'share' AND ${rawSql(hasStatus("share", "scheduled"))}))::int
        AS scheduled,
      (count(*) FILTER (WHERE share_kind = 'request'))::int AS requests
    FROM share WHERE (${named}) AND ${rawSql(isUnended("share"))}`
  if (!counted) throw new Error("An aggregate has a row.")
  return counted
}

type Revocation = {
  admin: string
  askedAt: string | null
  reason: string | null
  cutOff: string | null
}

const revoke = (tx: Tx, ids: string[], { admin, askedAt, reason, cutOff }: Revocation) =>
  tx.$queryRaw<{ id: string; title: string; kind: ShareKind }[]>`
    UPDATE share SET revoked_at = coalesce(revoked_at, clock_timestamp()),
      revoked_by_id = ${admin}::uuid, revoked_by_admin = true, revoke_reason = ${reason},
      ticket_epoch = ticket_epoch + 1, epoch_before_revoke = NULL,
      cut_off_id = coalesce(${cutOff}::uuid, CASE WHEN revoked_at IS NOT NULL THEN cut_off_id END),
      exposed_until = CASE WHEN revoked_at IS NULL THEN ${provisionalExposure} ELSE exposed_until END
    WHERE id = ANY(${ids}::uuid[]) AND NOT revoked_by_admin
      AND ${notRestoredSince(askedAt, sql`member.role = 'admin'`)}
    RETURNING id::text, title, share_kind AS kind`

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

/** Counts the revoked shares again, and finds the latest exposure of those revoked meanwhile. */
async function countRevoked(named: Sql, { at, acts }: { at: Date; acts: string[] }) {
  const [row] = await longDb.$queryRaw<{ alreadyRevoked: number; until: Date | null }[]>`
    SELECT count(*)::int AS "alreadyRevoked",
      max(exposed_until) FILTER (WHERE minted AND exposed_until > clock_timestamp()
        AND (revoked_at >= ${at} OR id::text IN (${targetsOf(acts)}))) AS until
    FROM share WHERE (${named}) AND revoked_by_admin`
  return (
    row && { alreadyRevoked: row.alreadyRevoked, exposedUntil: row.until?.toISOString() ?? null }
  )
}
