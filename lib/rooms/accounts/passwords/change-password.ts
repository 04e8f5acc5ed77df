import "server-only"
import { z } from "zod"
import { db } from "#lib/adapters/database.ts"
import { refusal, sentence } from "#lib/adapters/text/sentences.ts"
import { checkAttempt, clearAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import { type ActingMember, Password } from "#lib/rooms/accounts/member.ts"
import { hashPassword, verifyPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { endSessionsOf, type VerifiedMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { tellMember } from "#lib/rooms/accounts/tell-member.ts"
import { endResets } from "./end-resets.ts"
import { requirePasswords } from "./require-passwords.ts"

export const PasswordChange = z.strictObject({
  currentPassword: z.string().min(1, sentence("input_current_password")),
  newPassword: Password,
})
export type PasswordChange = z.infer<typeof PasswordChange>

/**
 * Changes the password, ends every session and reset link of the member, and tells the member by
 * mail. Returns the claim for a new session. Refuses (invalid) a wrong current password, and
 * (too_many) too many attempts.
 */
export async function changePassword(
  by: ActingMember,
  { currentPassword, newPassword }: PasswordChange,
  address: string,
): Promise<VerifiedMember> {
  requirePasswords()
  const member = by.id
  const place = { queue: "members", from: member } as const
  const attempt = { purpose: "password_change" as const, subject: member, address }
  const counted = await checkAttempt(attempt)
  const { passwordHash } = await db.member.findUniqueOrThrow({
    where: { id: member },
    select: { passwordHash: true },
  })
  if (!(await verifyPassword(passwordHash, currentPassword, place))) {
    throw refusal("invalid", "wrong_password", {}, { field: "currentPassword" })
  }
  const newHash = await hashPassword(newPassword, place)
  const claim = await changeCredentials({ by }, async (tx) => {
    const [changed] = await tx.member.updateManyAndReturn({
      where: { id: member, passwordHash, disabledAt: null },
      data: { passwordHash: newHash, sessionEpoch: { increment: 1 } },
      select: { id: true, sessionEpoch: true },
    })
    if (!changed) throw refusal("conflict", "password_changed")
    await endSessionsOf(tx, member)
    await endResets(tx, member)
    await tellMember(tx, { memberId: member, actorId: member, what: "password" })
    return { memberId: changed.id, sessionEpoch: changed.sessionEpoch }
  })
  await clearAttempts(counted)
  return claim
}
