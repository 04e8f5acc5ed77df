import "server-only"
import { db, sql } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { checkAttempt, clearAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import { confirmsByPasskey } from "../passkeys/verify-passkey.ts"
import { requirePasswords } from "../passwords/require-passwords.ts"
import { confirmByFactor, hasFactor } from "../second-factor/needs-factor.ts"
import { spendCode } from "../second-factor/spend-code.ts"
import { verifyPassword } from "../sign-in/password.ts"
import { confirmSession } from "../sign-in/session.ts"
import type { Confirmation } from "./confirmation.ts"

type Given = {
  confirmation: Confirmation
  address: string
  /** The cookie of the challenge that a passkey answers. */
  challenge: string | undefined
}

/**
 * Confirms the member's identity for the session, which then counts as a sign-in for some minutes.
 * Refuses (invalid) a wrong proof, (invalid) a password if the member has a second factor, and
 * (too_many) too many attempts.
 */
export async function confirmMember(member: SessionMember, given: Given): Promise<void> {
  const { id: subject } = member
  const counted = await checkAttempt({ purpose: "confirm", subject, address: given.address })
  const wrong = await problemOf(member.id, given)
  if (wrong) throw wrong
  await clearAttempts(counted)
  await confirmSession(member, { password: "password" in given.confirmation })
}

async function problemOf(memberId: string, { confirmation, challenge }: Given) {
  if ("passkey" in confirmation) {
    const isRight = await confirmsByPasskey(memberId, confirmation.passkey, challenge)
    return isRight ? null : refusal("invalid", "passkey_unverified")
  }
  requirePasswords() // without passwords, only the provider confirms an identity
  if ("code" in confirmation) {
    const isRight = await spendCode({ memberId, code: confirmation.code })
    return isRight ? null : refusal("invalid", "wrong_code", {}, { field: "code" })
  }
  const [held] = await db.$queryRaw<{ factor: boolean }[]>(
    sql`SELECT ${hasFactor(memberId)} AS factor`,
  )
  if (held?.factor) return confirmByFactor()
  const { passwordHash } = await db.member.findUniqueOrThrow({
    where: { id: memberId },
    select: { passwordHash: true },
  })
  const place = { queue: "members", from: memberId } as const
  const isRight = await verifyPassword(passwordHash, confirmation.password, place)
  return isRight ? null : refusal("invalid", "incorrect_password", {}, { field: "password" })
}
