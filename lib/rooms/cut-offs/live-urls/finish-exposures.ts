import "server-only"
import { batchesById, type Range } from "#lib/adapters/database/batch-by-batch.ts"
import { db } from "#lib/adapters/database.ts"

/**
 * Ends the exposures of the shares of a cut off, or of its link, because no earlier URL works. A
 * share that was closed again since then has no cut off, and stays exposed, as does such a link.
 */
export async function finishExposures(id: string): Promise<void> {
  await db.$executeRaw`
    UPDATE link SET exposed_until = NULL FROM cut_off
    WHERE cut_off.id = ${id}::uuid AND link.id = link_id AND revoked_at <= requested_at`
  await batchesById(async (after, limit) => {
    const [batch] = await db.$queryRaw<[Range]>`
      WITH batch AS (
        SELECT share_id FROM cut_off_share WHERE cut_off_id = ${id}::uuid AND share_id > ${after}::uuid
        ORDER BY share_id LIMIT ${limit}
      ), ended AS (
        SELECT s.id FROM batch JOIN share s ON s.id = share_id
        WHERE s.cut_off_id = ${id}::uuid AND s.exposed_until > clock_timestamp()
        ORDER BY s.id
        FOR NO KEY UPDATE OF s
      ), written AS (
        UPDATE share SET exposed_until = NULL FROM ended WHERE share.id = ended.id
      )
      SELECT max(share_id::text) AS last, count(*)::int AS count FROM batch`
    return batch
  })
}
