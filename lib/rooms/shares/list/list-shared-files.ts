import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { notScanned } from "#lib/rooms/files/file-columns.ts"
import { type Reported, reported } from "#lib/rooms/files/upload/reported-upload.ts"
import { pauseSilent, ROWS_PER_PAGE, type SharedFiles } from "./shared-files.ts"

type Asked = {
  shareId: string
  /** A part of a file's name or of its folders' names, ignoring case and accents; "" for any. */
  q?: string
  /** Files in this folder at any depth; "" for any. */
  folder?: string
  /** Files with these ids; null for any. */
  ids?: readonly string[] | null
  /** Where the list continues: after a file's id, or in a folder ("/trip/day 1"). */
  after?: string
  limit?: number
}

type Row = Omit<SharedFiles, "hasMore"> & { reports: Reported[] | null }

/**
 * Lists the files of a share in the order of its tree, from a position on. Reads every file of the
 * share: at most 10,000, in about 60 ms of the database's time.
 */
export async function listSharedFiles({
  shareId,
  q = "",
  folder = "",
  ids = null,
  after = "",
  limit = ROWS_PER_PAGE,
}: Asked): Promise<SharedFiles> {
  const [row] = await list<Row>({
    shareId,
    q: asText(q.trim()),
    folder: asText(folder),
    ids: ids?.filter(isUuid) ?? null,
    afterId: isUuid(after) ? after : null,
    fromFolder: after.startsWith("/") ? asText(after.slice(1)) : null,
    limit: limit + 1,
  })
  if (!row) throw new Error("the list of a share's files was not answered")
  const { counts, folders, found, reports } = row
  const files = row.files.slice(0, limit)
  const hasMore = row.files.length > limit
  return { ...pauseSilent({ files, counts }, reports ?? []), folders, found, hasMore }
}

// Removes NUL characters, which PostgreSQL does not accept in text.
const asText = (text: string) => text.replaceAll("\0", "")

// Upper case by ICU, for which "ß" and "SS" are equal. Marks of other scripts stay, because in
// some, such as Devanagari, they are the vowels.
const folded = (text: string) =>
  `upper(regexp_replace(normalize(${text}, NFKD), '[\\u0300-\\u036f]', '', 'g') COLLATE "und-x-icu")`

const list = statement(
  "list_shared_files",
  {
    shareId: "uuid",
    q: "text",
    folder: "text",
    ids: "uuid[] | null",
    afterId: "uuid | null",
    fromFolder: "text | null",
    limit: "int",
  },
  `
WITH held AS MATERIALIZED (
  SELECT f.id, f.name, f.path, f.size, f.status, ${reported("f")} AS reported
  FROM share_file sf CROSS JOIN LATERAL (SELECT * FROM file WHERE file.id = sf.file_id OFFSET 0) f
  WHERE sf.share_id = :shareId AND sf.removed_at IS NULL
    AND (f.deleted_at IS NULL OR f.status = 'abandoned')
),
matching AS MATERIALIZED (
  SELECT * FROM held
  WHERE (:ids IS NULL OR id = ANY(:ids))
    AND (:folder = '' OR path = :folder OR starts_with(path, :folder || '/'))
    AND (:q = '' OR position(${folded(":q")} IN
      ${folded("CASE path WHEN '' THEN name ELSE path || '/' || name END")}) > 0)
),
folder AS MATERIALIZED (
  SELECT content.*, row_number() OVER (
    -- Compares level by level: a folder comes before the files beside it.
    ORDER BY (SELECT coalesce(array_agg('a' || name ORDER BY level), '{}') || 'b'::text
      FROM unnest(string_to_array(path, '/')) WITH ORDINALITY AS names (name, level)
    ) COLLATE natural_order, path
  ) AS place
  FROM (
    SELECT path, array_agg(id ORDER BY name COLLATE natural_order, id) AS ids,
      count(*) FILTER (WHERE status <> 'abandoned') AS count,
      coalesce(sum(size) FILTER (WHERE status <> 'abandoned'), 0) AS bytes
    FROM matching GROUP BY path
  ) AS content
),
listed AS MATERIALIZED (
  SELECT id, path, nth, row_number() OVER (ORDER BY place, nth) AS at
  FROM folder CROSS JOIN LATERAL unnest(ids) WITH ORDINALITY AS files (id, nth)
),
page AS (
  SELECT id, at FROM listed
  WHERE at > coalesce(
    (SELECT at FROM listed WHERE id = :afterId),
    (SELECT at - 1 FROM listed WHERE path = :fromFolder AND nth = 1), 0)
  ORDER BY at LIMIT :limit
)
SELECT
  (SELECT json_build_object(
    'ready', count(*) FILTER (WHERE status = 'ready'),
    'readyBytes', coalesce(sum(size) FILTER (WHERE status = 'ready'), 0),
    'arriving', count(*) FILTER (WHERE status NOT IN ('ready', 'abandoned')),
    'arrivingBytes', coalesce(sum(size) FILTER (WHERE status NOT IN ('ready', 'abandoned')), 0),
    'paused', count(*) FILTER (WHERE reported = 'silent'),
    'abandoned', count(*) FILTER (WHERE status = 'abandoned')) FROM held) AS counts,
  (SELECT array_agg(DISTINCT reported) FROM held) AS "reports",
  (SELECT count(*)::int FROM matching) AS found,
  (SELECT coalesce(json_agg(json_build_object(
    'path', path, 'files', cardinality(ids), 'count', count, 'bytes', bytes)), '[]') FROM folder) AS folders,
  (SELECT coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'path', f.path, 'size', f.size,
    'contentType', f.content_type, 'status', f.status,
    'heldFor', CASE WHEN f.status = 'held' THEN f.held_for END, 'notScanned', ${notScanned("f")},
    'isPaused', coalesce(${reported("f")} = 'silent', false),
    'sha256', f.sha256,
    'sha256Verified', f.sha256_verified, 'hasThumbnail', f.thumbnail_key IS NOT NULL) ORDER BY at), '[]')
    FROM page CROSS JOIN LATERAL (SELECT * FROM file WHERE file.id = page.id OFFSET 0) f) AS files`,
)
