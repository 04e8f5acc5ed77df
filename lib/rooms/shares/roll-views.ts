import "server-only"
import { batchesOf } from "#lib/adapters/database/batch-by-batch.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db, longDb, rawSql, sql } from "#lib/adapters/database.ts"
import { idsOf } from "./bulk/write-in-batches.ts"
import { usesUp } from "./share-sql.ts"

/** Longer than a click's statement may run: its event has the time of the statement's start. */
const OVERLAP_MS = 60_000

/** The number of rows that one statement locks, so that no click on a limited share waits long. */
const BATCH = 500

/**
 * Sums the views of every share that was opened since the last run into its row, by which lists are
 * sorted. Also finds limits that were reached by claims which were already running when the limit
 * was set. The cost grows with the number of events, not of shares. Safe to run concurrently.
 */
export async function rollViews(): Promise<void> {
  const to = await databaseTime()
  const last = await db.installation.findFirst({ select: { viewsRolledTo: true } })
  if (!last) return
  const opened = last.viewsRolledTo
    ? sql`SELECT DISTINCT share_id AS id FROM event
        WHERE at > ${new Date(Number(last.viewsRolledTo) - OVERLAP_MS)} AND kind IN ('view', 'claim')`
    : sql`SELECT DISTINCT share_id AS id FROM share_counter`
  const shares = await longDb.$queryRaw<{ id: string }[]>`${opened} ORDER BY share_id`
  for (const batch of batchesOf(shares, BATCH)) await rollUp(idsOf(batch))
  await db.installation.updateMany({
    where: { OR: [{ viewsRolledTo: null }, { viewsRolledTo: { lt: to } }] },
    data: { viewsRolledTo: to },
  })
}

async function rollUp(shareIds: string[]) {
  await db.$executeRaw`
    WITH counted AS MATERIALIZED (
      SELECT s.id, coalesce(sum(c.views), 0) AS views,
        ${rawSql(usesUp("s", "s.downloads + coalesce(sum(c.downloads), 0)"))} AS at_limit
      FROM share s LEFT JOIN share_counter c ON c.share_id = s.id
      WHERE s.id = ANY(${shareIds}::uuid[]) GROUP BY s.id
    ), changed AS MATERIALIZED (
      SELECT share.id FROM share JOIN counted ON counted.id = share.id
      WHERE rolled_views <> views OR (counted.at_limit AND NOT share.at_limit)
      ORDER BY share.id FOR NO KEY UPDATE OF share
    )
    UPDATE share SET rolled_views = counted.views,
      at_limit = share.at_limit OR counted.at_limit AND share.max_downloads IS NOT NULL
    FROM counted, changed WHERE counted.id = changed.id AND share.id = changed.id`
}
