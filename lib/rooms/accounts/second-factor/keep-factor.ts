import "server-only"
import { sql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { lacksFactor } from "./needs-factor.ts"

/**
 * Refuses (conflict) if a member removes their last second factor while a setting requires one.
 * Must be called in the removal's transaction, under the lock of `changeCredentials`.
 */
export async function keepFactor(tx: Tx, memberId: string): Promise<void> {
  const [row] = await tx.$queryRaw<{ lacks: boolean }[]>(
    sql`SELECT ${lacksFactor(memberId)} AS lacks`,
  )
  if (!row?.lacks) return
  throw refusal("conflict", "factor_last")
}
