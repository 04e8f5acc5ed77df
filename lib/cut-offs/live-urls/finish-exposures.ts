import "server-only"
import { db } from "#lib/db.ts"

/** The number of rows that one statement writes, so that no click waits long for a locked share. */
const BATCH = 5_000

/**
 * Ends the exposures that `runCutOff` found when it began, since no earlier URL works any more. A
 * share that was closed again since keeps its exposure.
 */
export async function finishExposures(id: string): Promise<void> {
  for (;;) {
    const written = await db.$executeRaw`
      WITH ended AS (
        SELECT s.id FROM cut_off_share c JOIN share s ON s.id = c.share_id
        WHERE c.cut_off_id = ${id}::uuid AND s.cut_off_id = c.cut_off_id
          AND s.exposed_until <= c.exposed_until
        ORDER BY s.id LIMIT ${BATCH}
        FOR NO KEY UPDATE OF s
      )
      UPDATE share SET exposed_until = NULL FROM ended WHERE share.id = ended.id`
    if (written < BATCH) return
  }
}
