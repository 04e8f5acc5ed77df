import "server-only"
import type { NewMember, Role } from "#lib/accounts/member.ts"
import { hashPassword } from "#lib/accounts/sign-in/password.ts"
import type { VerifiedMember } from "#lib/accounts/sign-in/session.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db, rawSql, sql } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { OneTimeToken, oneTimeTokenHash } from "#lib/mail/one-time-token.ts"
import { MEMBERS_INVITE } from "#lib/settings/read-settings.ts"
import { refusal } from "#lib/text/sentences.ts"

/**
 * The SQL condition of a valid invite. An invite is valid until it is used or expires, while its
 * inviter is active and may invite: an admin, or, where a setting allows it, any member who invited
 * a member.
 */
const isUsable = (token: string) => sql`
  invite.token_hash = ${oneTimeTokenHash(token)} AND invite.used_at IS NULL
  AND invite.expires_at > statement_timestamp()
  AND inviter.id = invite.invited_by AND inviter.disabled_at IS NULL
  AND (inviter.role = 'admin' OR invite.role = 'member' AND ${rawSql(MEMBERS_INVITE)})`

type Used = { id: string; role: Role; quotaBytes: bigint | null }

export type FoundInvite = { email: string | null; inviterName: string; expiresAt: Date }

/**
 * Returns the inviter and the invited address, or null if the invite is not valid. Does not use the
 * invite up.
 */
export async function findInvite(token: string): Promise<FoundInvite | null> {
  if (!OneTimeToken.safeParse(token).success) return null
  const [invite] = await db.$queryRaw<FoundInvite[]>`
    SELECT invite.email, inviter.name AS "inviterName", invite.expires_at AS "expiresAt"
    FROM invite, member AS inviter WHERE ${isUsable(token)}`
  return invite ?? null
}

/**
 * Makes the invited member and uses the invite up. Refuses (gone) an invite that is not valid and
 * (conflict) an address that has an account; a refusal rolls back, so the invite stays usable.
 */
export async function acceptInvite({
  token,
  name,
  email,
  password,
}: NewMember & { token: string }): Promise<VerifiedMember> {
  const gone = new Refusal(
    "gone",
    "This invitation has been used or has expired. Ask for a new one.",
  )
  const invite = await findInvite(token) // before hashing, which is expensive
  if (!invite) throw gone
  if (invite.email !== null && invite.email !== email) {
    throw refusal("invalid", "invitation_address", {}, { field: "email" })
  }
  const passwordHash = await hashPassword(password)
  return db.$transaction(async (tx) => {
    const [used] = await tx.$queryRaw<Used[]>`
      UPDATE invite SET used_at = statement_timestamp() FROM member AS inviter
      WHERE ${isUsable(token)} RETURNING invite.id, invite.role::text AS role,
        invite.quota_bytes AS "quotaBytes"`
    if (!used) throw gone
    // skipDuplicates avoids a unique violation, which would abort the transaction.
    const [member] = await tx.member.createManyAndReturn({
      data: [{ name, email, passwordHash, role: used.role, quotaBytes: used.quotaBytes }],
      skipDuplicates: true,
      select: { id: true, sessionEpoch: true },
    })
    if (!member) throw refusal("conflict", "account_exists", {}, { field: "email" })
    const details = { invite: used.id, role: used.role }
    await recordAudit(tx, {
      actorId: member.id,
      action: "invite.accept",
      targetId: member.id,
      details,
    })
    return { memberId: member.id, sessionEpoch: member.sessionEpoch }
  })
}
