import "server-only"
import type { Tx } from "#lib/db.ts"

/** Lets the member's sessions go on that waited for a second factor. */
export async function factorAdded(tx: Tx, memberId: string): Promise<void> {
  await tx.session.updateMany({
    where: { memberId, needsFactor: true },
    data: { needsFactor: false },
  })
}
