import "server-only"
import { sql, type Tx } from "#lib/db.ts"
import { refusal } from "#lib/text/sentences.ts"
import { lacksFactor } from "./needs-factor.ts"

/**
 * Refuses (conflict) a member's own removal that leaves none of the second factors that a setting
 * requires, in the transaction of the removal. The lock makes two removals see each other.
 */
export async function keepFactor(tx: Tx, memberId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM member WHERE id = ${memberId}::uuid FOR NO KEY UPDATE`
  const [row] = await tx.$queryRaw<{ lacks: boolean }[]>(
    sql`SELECT ${lacksFactor(memberId)} AS lacks`,
  )
  if (!row?.lacks) return
  throw refusal("conflict", "factor_last")
}
