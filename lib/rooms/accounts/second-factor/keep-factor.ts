import "server-only"
import { sql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { lacksFactor } from "./needs-factor.ts"

/**
 * Refuses (conflict) a member's own removal that leaves none of the second factors that a setting
 * requires, in the transaction of the removal, which has the lock of `changeCredentials`.
 */
export async function keepFactor(tx: Tx, memberId: string): Promise<void> {
  const [row] = await tx.$queryRaw<{ lacks: boolean }[]>(
    sql`SELECT ${lacksFactor(memberId)} AS lacks`,
  )
  if (!row?.lacks) return
  throw refusal("conflict", "factor_last")
}
