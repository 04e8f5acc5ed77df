import "server-only"
import { db, longDb, rawSql, sql } from "#lib/db.ts"
import { settings } from "#lib/settings.ts"
import { LONGEST_LIFETIME_SECONDS, URL_EVENTS } from "./cut-off.ts"
import { lostUrlsEnd } from "./lost-urls.ts"
import { storeDelaySeconds } from "./store-delay.ts"

/** Their events may take longer to read than a statement may run beside a request. */
const MANY_SHARES = 100

type Reached = { id: string; fileId: string | null; shareCount: number }

/**
 * Records the files of which a URL may still work: those in an event within the lifetime of a URL.
 * An event without a file granted every file of its share. Soon after a restore that is every file,
 * because events were lost.
 */
export async function findWhatIsOut({ id, fileId, shareCount }: Reached): Promise<void> {
  const client = shareCount > MANY_SHARES ? longDb : db
  const shares = fileId
    ? sql`SELECT share_id FROM share_file WHERE file_id = ${fileId}::uuid`
    : sql`SELECT share_id FROM cut_off_share WHERE cut_off_id = ${id}::uuid`
  const oneFile = fileId ? sql`(e.file_id IS NULL OR e.file_id = ${fileId}::uuid)` : sql`true`
  const sharedFile = fileId ? sql`sf.file_id = ${fileId}::uuid` : sql`true`
  // The share by which a URL of the file was handed out may be lost too.
  const everyFile = fileId
    ? sql`SELECT ${fileId}::uuid`
    : sql`SELECT sf.file_id FROM (${shares}) AS chosen (share_id) JOIN share_file sf USING (share_id)`
  await client.$executeRaw`
    INSERT INTO cut_off_file (cut_off_id, file_id, kind, out_until)
    SELECT ${id}::uuid, file_id, kind, max(out_until) FROM (
      SELECT coalesce(e.file_id, sf.file_id) AS file_id,
        CASE e.kind WHEN 'thumbnail' THEN 'thumbnail' ELSE 'file' END::object_kind AS kind, e.at + make_interval(secs => 1
        + greatest(s.max_ttl_seconds, coalesce(s.mint_ttl_seconds, ${settings.MINT_TTL_SECONDS}::int))
        + ${storeDelaySeconds}) AS out_until
      FROM (${shares}) AS chosen (share_id)
      JOIN share s ON s.id = chosen.share_id
      JOIN event e ON e.share_id = s.id AND e.kind IN ${rawSql(URL_EVENTS)}
        AND ${oneFile}
        AND e.at > (SELECT started_at FROM cut_off WHERE id = ${id}::uuid)
          - make_interval(secs => 1 + ${LONGEST_LIFETIME_SECONDS}::int + ${storeDelaySeconds})
      LEFT JOIN share_file sf ON e.file_id IS NULL AND sf.share_id = s.id AND ${sharedFile}
      UNION ALL
      SELECT file_id, kind, ${rawSql(lostUrlsEnd)}
      FROM (${everyFile}) AS every (file_id), unnest(enum_range(NULL::object_kind)) AS kind
      WHERE kind = 'file' OR EXISTS (
        SELECT FROM object WHERE object.file_id = every.file_id AND object.kind = 'thumbnail')
    ) AS granted
    WHERE file_id IS NOT NULL AND out_until > clock_timestamp()
    GROUP BY file_id, kind
    ON CONFLICT (cut_off_id, file_id, kind) DO NOTHING`
}
