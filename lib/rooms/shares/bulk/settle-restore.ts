import "server-only"
import { batchesOf } from "#lib/adapters/database/batch-by-batch.ts"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { isRefusal } from "#lib/adapters/storage.ts"
import { endAllSessions } from "#lib/rooms/accounts/sign-in/session.ts"
import { endAllTokens } from "#lib/rooms/accounts/tokens/end-tokens.ts"
import { resetHead } from "#lib/rooms/audit/head/reset-head.ts"
import { recordAudit, recordParts } from "#lib/rooms/audit/record-audit.ts"
import { endUploads } from "#lib/rooms/files/upload/end-uploads.ts"
import { provisionalExposure, settleExposure } from "#lib/rooms/shares/exposure.ts"
import { idsOf, inBatches, lockedShares } from "./write-in-batches.ts"

type Restored = {
  /** The id of this restore. Repeating the call with it changes nothing. */
  id: string
  takenAt: string | null
  revoke: "open" | { id: string; byAdmin: boolean }[]
  disable: string[]
}

/** The usual timeout is too short for many shares, so that every start would fail. */
const TIMEOUT_MS = 3_600_000

/** In SQL: whole seconds since 2020, which exceeds any epoch handed out since the backup. */
const epochNow = sql`extract(epoch FROM clock_timestamp() - timestamptz '2020-01-01 00:00:00Z')::int`

/**
 * The first start on a restored database runs this before it answers a request. No session, ticket
 * or unlocked password from after the backup may work, although the restore has reset the counters
 * that they depend on. So every counter is set to the current second, which exceeds every count,
 * even when a backup is restored twice. Revokes the shares and disables the members that the
 * operator named, and ends the uploads of those members. No row records the URLs handed out since
 * the backup, so while one may work, a cut off copies every file. A job gives the objects the
 * colours in their rows. The head in the bucket is set to the end of the older audit log, which
 * could not be sealed otherwise.
 */
export async function settleRestore({ id, takenAt, revoke, disable }: Restored) {
  const settle = async (tx: Tx) => {
    const settled = await tx.auditEntry.count({ where: { action: ACTION, targetId: id } })
    if (settled > 0) return []
    await raiseEpochs(tx)
    await tx.$executeRaw`UPDATE installation SET restored_at = clock_timestamp()`
    await addJob(tx, "restoreTags", { after: "" })
    const shares = await revokeShares(tx, { revoke, takenAt })
    const members = await tx.member.updateManyAndReturn({
      where: { id: { in: disable }, disabledAt: null },
      data: { disabledAt: await databaseTimeIn(tx) },
      select: { id: true, name: true, email: true },
    })
    const act = await record(tx, { id, takenAt, shares, members })
    for (const { id } of members) await endUploads(tx, { ...act, ownerId: id })
    return idsOf(shares)
  }
  // Runs first, so that a start that ends partway does it again. Without the permission to write
  // there is no head to reset, and the sealer reports that.
  await resetHead().catch((error) => {
    if (!isRefusal(error)) throw error
  })
  const revoked = await db.$transaction(settle, { timeout: TIMEOUT_MS })
  await settleExposure(revoked)
  return { revoked: revoked.length }
}

const ACTION = "installation.restore"

type Member = { id: string; name: string; email: string }

type Settled = {
  id: string
  takenAt: string | null
  shares: { id: string; title: string }[]
  members: Member[]
}

async function record(tx: Tx, { id, takenAt, shares, members }: Settled) {
  const actId = await recordAudit(tx, {
    actorId: null,
    action: ACTION,
    targetId: id,
    details: { takenAt, revoked: shares.length, disabled: members.length },
  })
  const act = { actorId: null, actId }
  for (const batch of batchesOf(shares)) {
    const parts = batch.map(({ id, title }) => ({ targetId: id, details: { title } }))
    await recordParts(tx, { ...act, action: "share.revoke", parts })
  }
  const disabled = members.map(({ id, name, email }) => ({
    targetId: id,
    details: { member: `${name} <${email}>` },
  }))
  await recordParts(tx, { ...act, action: "member.disable", parts: disabled })
  return act
}

async function raiseEpochs(tx: Tx) {
  await tx.$executeRaw`
    UPDATE member SET session_epoch = greatest(session_epoch + 1, ${epochNow})`
  await endAllSessions(tx)
  await endAllTokens(tx)
  await inBatches(
    sql`true`,
    (next, limit) => tx.$queryRaw<{ id: string }[]>`
      WITH chosen AS (${lockedShares(next, limit)})
      UPDATE share SET ticket_epoch = greatest(ticket_epoch + 1, ${epochNow}), epoch_before_revoke = NULL,
        password_version = greatest(password_version + 1, ${epochNow})
      FROM chosen WHERE id = locked_id
      RETURNING id`,
  )
}

async function revokeShares(tx: Tx, { revoke, takenAt }: Pick<Restored, "revoke" | "takenAt">) {
  const listed = revoke === "open" ? [] : revoke
  const named = revoke === "open" ? sql`true` : sql`id = ANY(${idsOf(listed)}::uuid[])`
  // Shares revoked by an admin can only be restored by an admin.
  const byAdmin = idsOf(listed.filter(({ byAdmin }) => byAdmin))
  const reason = takenAt ? `After the restore of the backup of ${takenAt}` : "After a restore"
  const revoked: { id: string; title: string }[] = []
  await inBatches(sql`revoked_at IS NULL AND ${named}`, async (next, limit) => {
    const shares = await tx.$queryRaw<{ id: string; title: string }[]>`
      WITH chosen AS (${lockedShares(next, limit)})
      UPDATE share SET revoked_at = clock_timestamp(), revoke_reason = ${reason},
        revoked_by_admin = id = ANY(${byAdmin}::uuid[]),
        exposed_until = ${provisionalExposure}, cut_off_id = NULL
      FROM chosen WHERE id = locked_id
      RETURNING id, title`
    revoked.push(...shares)
    return shares
  })
  return revoked
}
