import "server-only"
import type { Tx } from "#lib/adapters/database.ts"
import { endResets } from "../passwords/end-resets.ts"
import { NO_PASSWORD } from "../sign-in/password.ts"
import { endSessionsOf } from "../sign-in/session.ts"
import { endTokensOf } from "../tokens/end-tokens.ts"

/**
 * Removes every way to sign in to an account: sessions, tokens, password, reset links, passkeys and the
 * authenticator app. They may have been set up by somebody other than the owner of the address.
 * Returns the member's new epoch.
 */
export async function removeCredentials(tx: Tx, memberId: string): Promise<number> {
  const { sessionEpoch } = await tx.member.update({
    where: { id: memberId },
    data: { passwordHash: NO_PASSWORD, sessionEpoch: { increment: 1 } },
    select: { sessionEpoch: true },
  })
  await endSessionsOf(tx, memberId)
  await endTokensOf(tx, memberId)
  await endResets(tx, memberId)
  await tx.passkey.deleteMany({ where: { memberId } })
  await tx.totp.deleteMany({ where: { memberId } })
  await tx.recoveryCode.deleteMany({ where: { memberId } })
  return sessionEpoch
}
