import "server-only"
import type { ActingMember } from "#lib/accounts/member.ts"
import type { Tx } from "#lib/db.ts"

/**
 * Lets the member's sessions that waited for a second factor continue, and ends the confirmations
 * by password of all sessions but the current one.
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
