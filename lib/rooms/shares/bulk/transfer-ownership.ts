import "server-only"
import { batchByBatch } from "#lib/adapters/database/batch-by-batch.ts"
import { db, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal, type SentenceKey } from "#lib/adapters/text/sentences.ts"
import type { AdminId, MemberId } from "#lib/rooms/accounts/member.ts"
import { namedOwner } from "#lib/rooms/accounts/member.ts"
import { recordAudit, recordParts } from "#lib/rooms/audit/record-audit.ts"
import { moveQuota } from "#lib/rooms/files/objects/quota.ts"
import { deletesAt, TOLD_DAYS } from "#lib/rooms/files/retention/deletes-at.ts"
import { refuseHeldMember } from "#lib/rooms/files/retention/legal-hold.ts"

type Transfer = { from: string; to: string }
type Moved = { shares: number; files: number }

/**
 * Makes a member the owner of all files and shares of another one, who must already be disabled.
 * Links, counts and events stay as they are. The bytes count for the new owner, whose quota may be
 * exceeded. Rows are moved in batches of thousands, each with its bytes and an audit entry in its
 * transaction. Refuses (conflict) a new owner who is disabled and, while a transfer is running or
 * was interrupted, any other new owner, and (legal_hold) to take anything from under a legal hold of
 * the old owner. After an interruption, the same call continues. Files that were kept lapse by the
 * rule again, those that go soon not before the new owner was told.
 */
export async function transferOwnership(admin: AdminId, transfer: Transfer): Promise<Moved> {
  await db.$transaction((tx) => begin(tx, transfer))
  const total = { shares: 0, files: 0 }
  await batchByBatch(async (limit) => {
    const { isLast, ...moved } = await db.$transaction((tx) =>
      moveBatch(tx, admin, { ...transfer, limit }),
    )
    total.shares += moved.shares
    total.files += moved.files
    return isLast ? "done" : "more"
  })
  return total
}

type Locked = {
  id: string
  name: string
  transferTo: string | null
  disabled: boolean
  receives: boolean
}

/** Stores who gets everything, even if that member is disabled before the end. */
async function begin(tx: Tx, { from, to }: Transfer) {
  await tx.$queryRaw`
    SELECT id FROM member WHERE id = ANY(${[from, to]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`
  await refuseHeldMember(tx, from)
  // A separate statement, so that it sees what was committed while the first one waited.
  const members = await tx.$queryRaw<Locked[]>`
    SELECT m.id, m.name, m.transfer_to AS "transferTo", m.disabled_at IS NOT NULL AS disabled,
      EXISTS (SELECT FROM member other WHERE other.transfer_to = m.id) AS receives
    FROM member m WHERE m.id = ANY(${[from, to]}::uuid[]) OR m.id = (
      SELECT transfer_to FROM member WHERE id = ${from}::uuid)`
  const [old, next] = [from, to].map((id) => members.find((member) => member.id === id))
  if (!old || !next) throw refused("member_gone")
  if (old.transferTo === to) return
  if (old.transferTo !== null) {
    const first = members.find(({ id }) => id === old.transferTo)
    throw refused("transfer_begun", {
      from: plainName(old.name),
      to: plainName(first?.name ?? ""),
    })
  }
  if (old.receives) {
    throw refused("transfer_to_them", { name: plainName(old.name) })
  }
  if (next.disabled) throw refused("owner_disabled")
  await setTransfer(tx, from, to)
}

const setTransfer = (tx: Tx, id: string, transferTo: string | null) =>
  tx.member.update({ where: { id }, data: { transferTo }, select: { id: true } })

const refused = (key: SentenceKey, values: Record<string, string> = {}) =>
  refusal("conflict", key, values, { field: "transferTo" })

// Locks files first, then shares, then members, and the rows of each in the order of their ids.
async function moveBatch(
  tx: Tx,
  admin: AdminId,
  { from, to, limit }: Transfer & { limit: number },
): Promise<Moved & { isLast: boolean }> {
  const files = await tx.$queryRaw<{ id: string; name: string; bytes: bigint }[]>`
    WITH chosen AS (
      SELECT id AS chosen_id FROM file WHERE owner_id = ${from}::uuid
      ORDER BY id LIMIT ${limit} FOR NO KEY UPDATE
    ), moved AS (
      UPDATE file SET owner_id = ${to}::uuid, ${toldAgain(to)} FROM chosen WHERE id = chosen_id
      RETURNING id, name,
        CASE WHEN deleted_at IS NULL OR counted_until IS NOT NULL THEN size ELSE 0 END AS bytes
    )
    SELECT id::text, name, bytes FROM moved`
  const shares = await tx.$queryRaw<{ id: string; title: string }[]>`
    WITH chosen AS (
      SELECT id AS chosen_id FROM share WHERE owner_id = ${from}::uuid
      ORDER BY id LIMIT ${limit} FOR NO KEY UPDATE
    )
    UPDATE share SET owner_id = ${to}::uuid FROM chosen WHERE id = chosen_id
    RETURNING id::text, title`
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0n)
  await moveQuota(tx, { from, to, bytes })
  await refuseHeldMember(tx, from) // the member is locked now, and a hold may be new
  const { underWay, left } = await stateOf(tx, { from, to })
  if (shares.length + files.length > 0) {
    if (!underWay) throw refused("transferred")
    await recordTransfer(tx, admin, { from, to, shares, files })
  }
  if (underWay && !left) {
    await setTransfer(tx, from, null)
  }
  return { shares: shares.length, files: files.length, isLast: !underWay || !left }
}

/**
 * In SQL, for an UPDATE of a file that changes its owner: a file that was kept, or goes before the
 * new owner could be told, is kept for as long as that takes. It is not for an owner who had it
 * before and knew an earlier time, so moving back and forth keeps nothing.
 */
export const toldAgain = (to: string): Sql => sql`
  (kept_until, told_until, told_owner_ids) = (
    SELECT kept, greatest(CASE WHEN lasts THEN file.told_until END, kept),
      CASE WHEN at < told_at THEN array_append(told, file.owner_id) ELSE told END
    FROM (SELECT ${deletesAt()} AS at, date_trunc('second', statement_timestamp())
        + make_interval(days => ${TOLD_DAYS}::int) AS told_at OFFSET 0) AS due
      CROSS JOIN LATERAL (SELECT coalesce(at <= file.told_until, false) AS lasts) AS stretch
      CROSS JOIN LATERAL (SELECT CASE WHEN lasts THEN file.told_owner_ids ELSE '{}' END AS told) AS so_far
      CROSS JOIN LATERAL (SELECT CASE
          WHEN file.deleted_at IS NOT NULL THEN NULL
          WHEN ${to}::uuid = ANY(told)
            THEN CASE WHEN file.kept_until < told_at THEN file.kept_until
              WHEN file.kept_until IS NOT NULL THEN told_at END
          WHEN file.kept_until IS NOT NULL OR at < told_at THEN told_at END AS kept) AS result)`

/** Rows that another call of this transfer is moving count as unmoved. */
async function stateOf(tx: Tx, { from, to }: Transfer) {
  const any = { take: 1, select: { id: true } }
  const { transferTo, files, shares } = await tx.member.findUniqueOrThrow({
    where: { id: from },
    select: { transferTo: true, files: any, shares: any },
  })
  return { underWay: transferTo === to, left: files.length + shares.length > 0 }
}

type Batch = Transfer & {
  shares: { id: string; title: string }[]
  files: { id: string; name: string }[]
}

/** Records a transfer of some rows, each of which has an entry of its own below that of the whole. */
export async function recordTransfer(
  tx: Tx,
  actorId: MemberId,
  { from, to, shares, files }: Batch,
): Promise<void> {
  const names = { member: await nameOf(tx, from), to: await nameOf(tx, to) }
  const actId = await recordAudit(tx, {
    actorId,
    action: "member.transfer",
    targetId: from,
    details: { ...names, shares: shares.length, files: files.length },
  })
  const act = { actorId, actId }
  await recordParts(tx, {
    ...act,
    action: "share.transfer",
    parts: shares.map(({ id, title }) => ({ targetId: id, details: { title, ...names } })),
  })
  await recordParts(tx, {
    ...act,
    action: "file.transfer",
    parts: files.map(({ id, name }) => ({
      targetId: id,
      details: { name: plainName(name), ...names },
    })),
  })
}

async function nameOf(tx: Tx, id: string) {
  const select = { name: true, email: true, kind: true }
  return namedOwner(await tx.member.findUniqueOrThrow({ where: { id }, select }))
}
