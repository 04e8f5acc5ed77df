import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { endSessionsOf, type VerifiedMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { tellMember } from "#lib/rooms/accounts/tell-member.ts"
import { endTokensOf } from "#lib/rooms/accounts/tokens/end-tokens.ts"
import { OneTimeToken, oneTimeTokenHash } from "#lib/rooms/mail/one-time-token.ts"
import { endResets } from "./end-resets.ts"
import { requirePasswords } from "./require-passwords.ts"

/** A reset link works until it is used, replaced or expired, while its maker is still an admin. */
const usable = (token: string, now: Date) => ({
  tokenHash: oneTimeTokenHash(token),
  endedAt: null,
  expiresAt: { gt: now },
  member: { disabledAt: null },
  OR: [{ madeById: null }, { madeBy: { role: "admin" as const, disabledAt: null } }],
})

type FoundReset = { name: string; email: string; expiresAt: Date }

/** Returns the member of a reset link, or null if it is not valid. Does not use it up. */
export async function findPasswordReset(token: string): Promise<FoundReset | null> {
  const found = await find(token)
  return found && { ...found.member, expiresAt: found.expiresAt }
}

async function find(token: string) {
  if (!OneTimeToken.safeParse(token).success) return null
  return db.passwordReset.findFirst({
    where: usable(token, await databaseTime()),
    select: { memberId: true, member: { select: { name: true, email: true } }, expiresAt: true },
  })
}

/**
 * Sets the password of the link's member, ends all of the member's sessions and tokens, uses up the link and
 * the member's other reset links, and tells the member by mail. Returns the claim for a new session.
 * Refuses (gone) a link that is not valid.
 */
export async function resetPassword(token: string, password: string): Promise<VerifiedMember> {
  requirePasswords()
  const gone = refusal("gone", "reset_gone")
  const found = await find(token) // before hashing, which is expensive
  if (!found) throw gone
  const passwordHash = await hashPassword(password)
  const now = await databaseTime()
  return changeCredentials({ by: null, of: found.memberId }, async (tx) => {
    const [used] = await tx.passwordReset.updateManyAndReturn({
      where: usable(token, now),
      data: { endedAt: now },
      select: { memberId: true },
    })
    if (!used) throw gone
    const [changed] = await tx.member.updateManyAndReturn({
      where: { id: used.memberId, disabledAt: null },
      data: { passwordHash, sessionEpoch: { increment: 1 } },
      select: { id: true, sessionEpoch: true },
    })
    if (!changed) throw gone
    await endResets(tx, changed.id)
    await endSessionsOf(tx, changed.id)
    await endTokensOf(tx, changed.id)
    await tellMember(tx, { memberId: changed.id, actorId: changed.id, what: "password_reset" })
    return { memberId: changed.id, sessionEpoch: changed.sessionEpoch }
  })
}
