import "server-only"
import { db, longDb, rawSql, sql } from "#lib/db.ts"
import { liveUrls } from "./live-urls.ts"
import { lostUrlsEnd } from "./lost-urls.ts"

/** For more shares, reading the events may exceed the statement timeout of requests. */
const MANY_SHARES = 100

type Reached = { id: string; fileId: string | null; shareCount: number }

/**
 * Records the files and thumbnails of which a URL may still work. Soon after a restore it records
 * every one, because events were lost.
 */
export async function findLiveUrls({ id, fileId, shareCount }: Reached): Promise<void> {
  const client = shareCount > MANY_SHARES ? longDb : db
  const shares = fileId
    ? sql`SELECT share_id FROM share_file WHERE file_id = ${fileId}::uuid`
    : sql`SELECT share_id FROM cut_off_share WHERE cut_off_id = ${id}::uuid`
  const since = sql`(SELECT started_at FROM cut_off WHERE id = ${id}::uuid)`
  // The share that handed out a URL of the file may be lost too.
  const everyFile = fileId
    ? sql`SELECT ${fileId}::uuid`
    : sql`SELECT sf.file_id FROM (${shares}) AS chosen (share_id) JOIN share_file sf USING (share_id)`
  await client.$executeRaw`
    INSERT INTO cut_off_file (cut_off_id, file_id, kind, out_until)
    SELECT ${id}::uuid, file_id, kind, max(out_until) FROM (
      SELECT file_id, kind, out_until FROM (${liveUrls({ shares, fileId, since })}) AS minted
      UNION ALL
      SELECT file_id, kind, ${rawSql(lostUrlsEnd)}
      FROM (${everyFile}) AS every (file_id), unnest(enum_range(NULL::object_kind)) AS kind
      WHERE kind = 'file' OR EXISTS (
        SELECT FROM object WHERE object.file_id = every.file_id AND object.kind = 'thumbnail')
    ) AS granted
    WHERE out_until > clock_timestamp()
    GROUP BY file_id, kind
    ON CONFLICT (cut_off_id, file_id, kind) DO NOTHING`
}
