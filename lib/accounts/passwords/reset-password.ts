import "server-only"
import { hashPassword } from "#lib/accounts/sign-in/password.ts"
import { endSessionsOf, type VerifiedMember } from "#lib/accounts/sign-in/session.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db, rawSql, sql } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { OneTimeToken, oneTimeTokenHash } from "#lib/mail/one-time-token.ts"

/**
 * The SQL condition of a valid reset link, on password_reset and its member: it works until it is
 * used, replaced or expired.
 */
const isUsable = (token: string) => sql`
  password_reset.token_hash = ${oneTimeTokenHash(token)} AND password_reset.ended_at IS NULL
  AND password_reset.expires_at > statement_timestamp()
  AND member.id = password_reset.member_id AND member.disabled_at IS NULL
  AND ${rawSql(MAKER_IS_ADMIN)}`

/** A link does not work if the admin who made it is no longer an admin. */
const MAKER_IS_ADMIN = `(password_reset.made_by_id IS NULL OR EXISTS (
  SELECT FROM member AS maker WHERE maker.id = password_reset.made_by_id
    AND maker.role = 'admin' AND maker.disabled_at IS NULL))`

export type FoundReset = { name: string; email: string; expiresAt: Date }

/**
 * Returns the member whose password a reset link changes, or null if the link is not valid. Does
 * not use the link up.
 */
export async function findPasswordReset(token: string): Promise<FoundReset | null> {
  if (!OneTimeToken.safeParse(token).success) return null
  const [found] = await db.$queryRaw<FoundReset[]>`
    SELECT member.name, member.email, password_reset.expires_at AS "expiresAt"
    FROM password_reset, member WHERE ${isUsable(token)}`
  return found ?? null
}

/**
 * Gives the link's member the password, ends all of the member's sessions and uses up the link and
 * the member's other reset links; returns the claim for a new session. Refuses (gone) a link that is not valid.
 */
export async function resetPassword(token: string, password: string): Promise<VerifiedMember> {
  const gone = new Refusal("gone", "This link has been used or has expired. Ask for a new one.")
  if (!(await findPasswordReset(token))) throw gone // before hashing, which is expensive
  const passwordHash = await hashPassword(password)
  return db.$transaction(async (tx) => {
    const [used] = await tx.$queryRaw<{ memberId: string }[]>`
      UPDATE password_reset SET ended_at = clock_timestamp() FROM member
      WHERE ${isUsable(token)} RETURNING member.id::text AS "memberId"`
    if (!used) throw gone
    const [changed] = await tx.member.updateManyAndReturn({
      where: { id: used.memberId, disabledAt: null },
      data: { passwordHash, sessionEpoch: { increment: 1 } },
      select: { id: true, sessionEpoch: true },
    })
    if (!changed) throw gone
    await tx.$executeRaw`
      UPDATE password_reset SET ended_at = clock_timestamp()
      WHERE member_id = ${changed.id}::uuid AND ended_at IS NULL`
    await endSessionsOf(tx, changed.id)
    await recordAudit(tx, {
      actorId: changed.id,
      action: "member.password_reset",
      targetId: changed.id,
    })
    return { memberId: changed.id, sessionEpoch: changed.sessionEpoch }
  })
}
