import "server-only"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db, type Sql, sql, type Tx } from "#lib/db.ts"
import { provisionalExposure, settleExposure } from "./exposure.ts"

type Restored = {
  /** Of this restore: settling it again changes nothing. */
  id: string
  takenAt: string
  revoke: "open" | { id: string; byAdmin: boolean }[]
  disable: string[]
}

/** Whole seconds since 2020: later than any epoch that was handed out since the backup. */
const epochNow = sql`extract(epoch FROM clock_timestamp() - timestamptz '2020-01-01 00:00:00Z')::int`

/**
 * What the first start on a restored database does, before a request is answered: no session,
 * ticket or unlocked password from after the backup may work, although the counters that they are
 * bound to were set back. So every counter goes to the present second, which is beyond all that was
 * counted up one by one, also when the same backup is restored again. Revokes the shares and
 * disables the members that the operator asked for.
 */
export async function settleRestore({ id, takenAt, revoke, disable }: Restored): Promise<void> {
  const revoked = await db.$transaction(async (tx) => {
    const settled = await tx.auditEntry.count({ where: { action: ACTION, targetId: id } })
    if (settled > 0) return []
    await raiseEpochs(tx)
    const shares = await revokeShares(tx, { revoke, takenAt })
    const members = await tx.member.updateMany({
      where: { id: { in: disable }, disabledAt: null },
      data: { disabledAt: new Date() },
    })
    await recordAudit(tx, {
      actorId: null,
      action: ACTION,
      targetId: id,
      details: { takenAt, revoked: shares.length, disabled: members.count },
    })
    return shares
  })
  await settleExposure(revoked.map(({ id }) => id))
}

const ACTION = "installation.restore"

async function raiseEpochs(tx: Tx) {
  await tx.$executeRaw`
    UPDATE member SET session_epoch = greatest(session_epoch + 1, ${epochNow})`
  await tx.$executeRaw`
    UPDATE share SET ticket_epoch = greatest(ticket_epoch + 1, ${epochNow}),
      password_version = greatest(password_version + 1, ${epochNow})`
}

function revokeShares(tx: Tx, { revoke, takenAt }: Pick<Restored, "revoke" | "takenAt">) {
  const listed = revoke === "open" ? [] : revoke
  const named: Sql =
    revoke === "open" ? sql`true` : sql`id = ANY(${listed.map(({ id }) => id)}::uuid[])`
  // Only an admin restores what an admin had revoked.
  const byAdmin = listed.filter(({ byAdmin }) => byAdmin).map(({ id }) => id)
  const reason = `After the restore of the backup of ${takenAt}`
  return tx.$queryRaw<{ id: string }[]>`
    UPDATE share SET revoked_at = clock_timestamp(), revoke_reason = ${reason},
      revoked_by_admin = id = ANY(${byAdmin}::uuid[]),
      exposed_until = ${provisionalExposure}
    WHERE revoked_at IS NULL AND ${named}
    RETURNING id`
}
