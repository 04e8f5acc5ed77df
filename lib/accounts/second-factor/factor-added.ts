import "server-only"
import type { ActingMember } from "#lib/accounts/member.ts"
import type { Tx } from "#lib/db.ts"

/**
 * Lets the member's sessions go on that waited for a second factor. The password that confirmed any
 * but the current one confirms nobody any more.
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
