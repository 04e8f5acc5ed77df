import "server-only"
import type { AdminId } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db, type Tx } from "#lib/db.ts"
import { moveQuota } from "#lib/files/quota.ts"
import { plainName } from "#lib/plain-text.ts"
import { BATCH_SIZE } from "./write-in-batches.ts"

type Transfer = { from: string; to: string }
type Moved = { shares: number; files: number }

/**
 * Makes a member the owner of all files and shares of another one, who must be disabled already.
 * Links, counts and events stay as they are; the bytes count for the new owner, whose quota may be
 * exceeded. Thousands are moved in batches, each with its bytes and an audit entry in its
 * transaction. Refuses (conflict) a new owner who is disabled meanwhile.
 */
export async function transferOwnership(admin: AdminId, transfer: Transfer): Promise<Moved> {
  const total = { shares: 0, files: 0 }
  for (;;) {
    const moved = await db.$transaction((tx) => moveBatch(tx, admin, transfer))
    total.shares += moved.shares
    total.files += moved.files
    if (moved.shares < BATCH_SIZE && moved.files < BATCH_SIZE) return total
  }
}

// Files before shares before members, rows of each in the order of their ids.
async function moveBatch(tx: Tx, admin: AdminId, { from, to }: Transfer): Promise<Moved> {
  const [files] = await tx.$queryRaw<{ count: number; bytes: bigint }[]>`
    WITH chosen AS (
      SELECT id AS chosen_id FROM file WHERE owner_id = ${from}::uuid
      ORDER BY id LIMIT ${BATCH_SIZE} FOR NO KEY UPDATE
    ), moved AS (
      UPDATE file SET owner_id = ${to}::uuid FROM chosen WHERE id = chosen_id
      RETURNING CASE WHEN deleted_at IS NULL THEN size ELSE 0 END AS bytes
    )
    SELECT count(*)::int AS count, coalesce(sum(bytes), 0)::bigint AS bytes FROM moved`
  const shares = await tx.$executeRaw`
    WITH chosen AS (
      SELECT id AS chosen_id FROM share WHERE owner_id = ${from}::uuid
      ORDER BY id LIMIT ${BATCH_SIZE} FOR NO KEY UPDATE
    )
    UPDATE share SET owner_id = ${to}::uuid FROM chosen WHERE id = chosen_id`
  const moved = { shares, files: files?.count ?? 0 }
  await moveQuota(tx, { from, to, bytes: files?.bytes ?? 0n })
  if (moved.shares + moved.files > 0) await record(tx, admin, { from, to, ...moved })
  return moved
}

async function record(tx: Tx, admin: AdminId, { from, to, ...moved }: Transfer & Moved) {
  const details = { member: await nameOf(tx, from), to: await nameOf(tx, to), ...moved }
  await recordAudit(tx, { actorId: admin, action: "member.transfer", targetId: from, details })
}

async function nameOf(tx: Tx, id: string) {
  const { name, email } = await tx.member.findUniqueOrThrow({
    where: { id },
    select: { name: true, email: true },
  })
  return `${plainName(name)} <${email}>`
}
