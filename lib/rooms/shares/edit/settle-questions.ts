import "server-only"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { rawSql, type Tx } from "#lib/adapters/database.ts"
import { askedLinks, opensWithFiles } from "#lib/rooms/shares/share-sql.ts"

type Answer = "opened" | "edited" | "restored" | "dismissed"

/**
 * Marks questions as answered about shares that now open with files, by each link by which somebody
 * asked, in the transaction of the change that opens them. A question that arrives meanwhile waits for that transaction, and then
 * finds the share open.
 */
export async function settleQuestions(
  tx: Tx,
  shareIds: string[],
  answer: Exclude<Answer, "dismissed">,
): Promise<void> {
  const asked = await tx.$queryRaw<{ id: string }[]>`
    UPDATE share s SET open_questions = 0
    WHERE s.id = ANY(${shareIds}::uuid[]) AND s.open_questions > 0
      AND ${rawSql(opensWithFiles("s"))} AND NOT EXISTS ${rawSql(askedLinks("s.id"))}
    RETURNING s.id::text`
  if (asked.length > 0) {
    await markAnswered(
      tx,
      asked.map(({ id }) => id),
      answer,
    )
  }
}

/**
 * Marks the unanswered questions as answered. The transaction must have locked the shares. A
 * separate statement, because it then sees every question that was counted.
 */
export async function markAnswered(tx: Tx, shareIds: string[], answer: Answer): Promise<void> {
  await tx.question.updateMany({
    where: { shareId: { in: shareIds }, answeredAt: null },
    data: { answeredAt: await databaseTimeIn(tx), answer },
  })
}
