import "server-only"
import type { Tx } from "#lib/adapters/database.ts"
import type { ActingMember } from "#lib/rooms/accounts/member.ts"

/**
 * Lets the member's sessions that were waiting for a second factor continue, and ends confirmations
 * by password in all sessions but the current one.
 */
export async function factorAdded(
  tx: Tx,
  { id: memberId, sessionId }: ActingMember,
): Promise<void> {
  await tx.session.updateMany({
    where: { memberId, needsFactor: true },
    data: { needsFactor: false },
  })
  await tx.session.updateMany({
    where: { memberId, id: { not: sessionId } },
    data: { confirmedAt: new Date(0) },
  })
}
