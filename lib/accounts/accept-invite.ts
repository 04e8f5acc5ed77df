import "server-only"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { InviteToken } from "./invite.ts"
import { inviteTokenHash } from "./invite-member.ts"
import type { NewMember } from "./member.ts"
import { hashPassword } from "./password.ts"
import type { VerifiedMember } from "./session.ts"

/** An invite is valid until it is used or expires, while its inviter is an active admin. */
const usable = (token: string, now: Date) => ({
  tokenHash: inviteTokenHash(token),
  usedAt: null,
  expiresAt: { gt: now },
  inviter: { role: "admin" as const, disabledAt: null },
})

/** The inviter and the invited address, or null if the invite is not valid. Does not use it up. */
export async function findInvite(
  token: string,
  now = new Date(),
): Promise<{ email: string | null; inviterName: string; expiresAt: Date } | null> {
  if (!InviteToken.safeParse(token).success) return null
  const invite = await db.invite.findFirst({
    where: usable(token, now),
    select: { email: true, expiresAt: true, inviter: { select: { name: true } } },
  })
  return (
    invite && {
      email: invite.email,
      inviterName: invite.inviter.name,
      expiresAt: invite.expiresAt,
    }
  )
}

/**
 * Makes the invited member and uses the invite up. Refuses (gone) an invite that is not valid and
 * (conflict) an address that has an account; a refusal rolls back, so the invite stays usable.
 */
export async function acceptInvite(
  { token, name, email, password }: NewMember & { token: string },
  now = new Date(),
): Promise<VerifiedMember> {
  const gone = new Refusal("gone", "This invitation was used or is over. Ask for a new one.")
  const invite = await findInvite(token, now) // before hashing, which is expensive
  if (!invite) throw gone
  if (invite.email !== null && invite.email !== email) {
    throw new Refusal("invalid", `This invitation is for ${invite.email}.`, { field: "email" })
  }
  const passwordHash = await hashPassword(password)
  return db.$transaction(async (tx) => {
    const [used] = await tx.invite.updateManyAndReturn({
      where: usable(token, now),
      data: { usedAt: now },
      select: { id: true, role: true },
    })
    if (!used) throw gone
    // skipDuplicates, because a unique violation would abort the transaction.
    const [member] = await tx.member.createManyAndReturn({
      data: [{ name, email, passwordHash, role: used.role }],
      skipDuplicates: true,
      select: { id: true, sessionEpoch: true },
    })
    if (!member) {
      throw new Refusal("conflict", "This address has an account already. Sign in instead.", {
        field: "email",
      })
    }
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
