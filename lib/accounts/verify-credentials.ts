import "server-only"
import { db } from "#lib/db.ts"
import type { SessionClaim } from "./find-session-member.ts"
import { Email } from "./member.ts"
import { verifyPassword } from "./password.ts"
import { checkAttempt, clearAttempts } from "./throttle.ts"

type Credentials = { email: string; password: string; address: string }

/**
 * What a session may claim after the right email and password, or null. An unknown address, a disabled member and a
 * wrong password are told apart by nothing, time included. Refuses (too_many) before it hashes.
 */
export async function verifyCredentials({
  email,
  password,
  address,
}: Credentials): Promise<SessionClaim | null> {
  const known = Email.safeParse(email).data
  const attempt = { purpose: "sign_in" as const, subject: known ?? "not an address", address }
  await checkAttempt(attempt)
  const member = known
    ? await db.member.findUnique({
        where: { email: known },
        select: { id: true, passwordHash: true, sessionEpoch: true, disabledAt: true },
      })
    : null
  const right = await verifyPassword(member?.passwordHash ?? null, password)
  if (!right || !member || member.disabledAt) return null
  await clearAttempts(attempt)
  return { memberId: member.id, sessionEpoch: member.sessionEpoch }
}
