import "server-only"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import type { Tx } from "#lib/adapters/database.ts"

/** Ends every reset link of a member, in the transaction that makes them unnecessary. */
export async function endResets(tx: Tx, memberId: string): Promise<void> {
  const endedAt = await databaseTimeIn(tx)
  await tx.passwordReset.updateMany({ where: { memberId, endedAt: null }, data: { endedAt } })
}
