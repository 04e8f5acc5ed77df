import "server-only"
import { batchesById, type Range } from "#lib/adapters/database/batch-by-batch.ts"
import { db, rawSql, sql } from "#lib/adapters/database.ts"
import { liveUrls } from "./live-urls.ts"
import { lostUrlsEnd } from "./lost-urls.ts"
import { storeDelaySeconds } from "./store-delay.ts"

type Reached = { id: string; fileId: string | null; linkId?: string | null }

/**
 * Records the files and thumbnails that may still have a working URL, from the events of a few
 * shares at a time and, unless it is about one link, from the objects that their owner read. Soon
 * after a restore it records all of them, because events were lost.
 */
export async function findLiveUrls({ id, fileId, linkId = null }: Reached): Promise<void> {
  const reached = fileId
    ? sql`share_file WHERE file_id = ${fileId}::uuid`
    : sql`cut_off_share WHERE cut_off_id = ${id}::uuid`
  const shares = sql`SELECT share_id FROM batch`
  const since = sql`(SELECT started_at FROM cut_off WHERE id = ${id}::uuid)`
  // The share that handed out a URL of the file may also have been lost.
  const everyFile = fileId
    ? sql`SELECT ${fileId}::uuid`
    : sql`SELECT file_id FROM batch JOIN share_file USING (share_id)`
  await batchesById(async (after, limit) => {
    const [batch] = await db.$queryRaw<[Range]>`
      WITH batch AS MATERIALIZED (
        SELECT share_id FROM ${reached} AND share_id > ${after}::uuid
        ORDER BY share_id LIMIT ${limit}
      ), written AS (
        INSERT INTO cut_off_file AS known (cut_off_id, file_id, kind, out_until)
        SELECT ${id}::uuid, file_id, kind, max(out_until) FROM (
          SELECT file_id, kind, out_until FROM (${liveUrls({ shares, fileId, linkId, since })}) AS minted
          UNION ALL
          SELECT object.file_id, object.kind,
            read_until + make_interval(secs => ${storeDelaySeconds})
          FROM (${everyFile}) AS every (file_id) JOIN object USING (file_id)
          WHERE read_until IS NOT NULL AND ${linkId === null}
          UNION ALL
          SELECT file_id, kind, ${rawSql(lostUrlsEnd)}
          FROM (${everyFile}) AS every (file_id), unnest(enum_range(NULL::object_kind)) AS kind
          WHERE kind = 'file' OR EXISTS (
            SELECT FROM object WHERE object.file_id = every.file_id AND object.kind = 'thumbnail')
        ) AS granted
        WHERE out_until > clock_timestamp()
        GROUP BY file_id, kind
        ORDER BY file_id, kind
        ON CONFLICT (cut_off_id, file_id, kind) DO UPDATE SET out_until = excluded.out_until
          WHERE known.out_until < excluded.out_until
      )
      SELECT max(share_id::text) AS last, count(*)::int AS count FROM batch`
    return batch
  })
}
