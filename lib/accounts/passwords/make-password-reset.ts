import "server-only"
import { newOneTimeToken, oneTimeTokenHash } from "#lib/accounts/invites/one-time-token.ts"
import type { AdminId } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { configuration } from "#lib/configuration.ts"
import { db, type Sql, sql } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { evenOnFullDisk } from "#lib/host/disk-ballast.ts"
import { type PasswordResetView, RESET_HOURS } from "./password-reset.ts"

type Asked = {
  /** The admin who makes the link; null for the operator, on the command line. */
  by: AdminId | null
  member: { id: string } | { email: string }
}

/**
 * Makes a link by which a member chooses a new password, once and within 24 hours. It ends the
 * links that were made for the member before; password and sessions stay until it is used. Refuses
 * `not_found`, and `conflict` for a disabled member.
 */
export function makePasswordReset({ by, member }: Asked): Promise<PasswordResetView> {
  const which =
    "id" in member ? sql`id = ${member.id}::uuid` : sql`email = ${member.email.toLowerCase()}`
  return evenOnFullDisk(() => make(by, which))
}

type Found = { id: string; name: string; email: string; disabled: boolean; now: Date }

function make(by: AdminId | null, which: Sql): Promise<PasswordResetView> {
  const token = newOneTimeToken()
  return db.$transaction(async (tx) => {
    // The lock makes the later of two concurrent calls end the link of the earlier one.
    const [found] = await tx.$queryRaw<Found[]>`
      SELECT id::text, name, email, disabled_at IS NOT NULL AS disabled, clock_timestamp() AS now
      FROM member WHERE ${which} FOR NO KEY UPDATE`
    if (!found) throw new Refusal("not_found", "Member not found.")
    const { disabled, now, ...member } = found
    if (disabled)
      throw new Refusal("conflict", `${member.name} is disabled. Enable the account first.`)
    await tx.passwordReset.updateMany({
      where: { memberId: member.id, endedAt: null },
      data: { endedAt: now },
    })
    const expiresAt = new Date(Number(now) + RESET_HOURS * 3_600_000)
    await tx.passwordReset.create({
      data: { memberId: member.id, tokenHash: oneTimeTokenHash(token), madeById: by, expiresAt },
      select: { id: true },
    })
    await recordAudit(tx, {
      actorId: by,
      action: "member.reset_link",
      targetId: member.id,
      details: { member: `${member.name} <${member.email}>` },
    })
    return {
      url: `${configuration.APP_URL}/reset/${token}`,
      expiresAt: expiresAt.toISOString(),
      member,
    }
  })
}
