import "server-only"
import { db } from "#lib/db.ts"

/** Rows that one statement writes, so that no click waits long for a locked share. */
const BATCH = 5_000

/** Records the exposures that the cut off is about to end. */
export async function recordExposures(id: string): Promise<void> {
  await db.$executeRaw`
    UPDATE cut_off_share c SET exposed_until = s.exposed_until
    FROM share s WHERE c.cut_off_id = ${id}::uuid AND s.id = c.share_id`
}

/**
 * No URL works any more from before. A share that was closed again since has a later exposure, and
 * keeps it.
 */
export async function finishExposures(id: string): Promise<void> {
  for (;;) {
    const written = await db.$executeRaw`
      WITH ended AS (
        SELECT s.id FROM cut_off_share c JOIN share s ON s.id = c.share_id
        WHERE c.cut_off_id = ${id}::uuid AND s.exposed_until <= c.exposed_until
        ORDER BY s.id LIMIT ${BATCH}
        FOR NO KEY UPDATE OF s
      )
      UPDATE share SET exposed_until = NULL FROM ended WHERE share.id = ended.id`
    if (written < BATCH) return
  }
}
