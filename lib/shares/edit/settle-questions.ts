import "server-only"
import { databaseTimeIn } from "#lib/database/time.ts"
import { rawSql, type Tx } from "#lib/db.ts"
import { opensWithFiles } from "#lib/shares/share-sql.ts"

type Answer = "opened" | "edited" | "restored" | "dismissed"

/**
 * Marks the questions about a share as answered if it now opens with files, in the transaction of
 * the change that opens it. A question that comes meanwhile waits for that transaction, and then finds the
 * share open.
 */
export async function settleQuestions(
  tx: Tx,
  shareId: string,
  answer: Exclude<Answer, "dismissed">,
): Promise<void> {
  const asked = await tx.$executeRaw`
    UPDATE share s SET open_questions = 0
    WHERE s.id = ${shareId}::uuid AND s.open_questions > 0
      AND ${rawSql(opensWithFiles("s"))}`
  if (asked > 0) await markAnswered(tx, shareId, answer)
}

/**
 * Marks the unanswered questions as answered. The transaction has locked the share before. This is
 * a separate statement, because it then sees every question that was counted.
 */
export async function markAnswered(tx: Tx, shareId: string, answer: Answer): Promise<void> {
  await tx.question.updateMany({
    where: { shareId, answeredAt: null },
    data: { answeredAt: await databaseTimeIn(tx), answer },
  })
}
