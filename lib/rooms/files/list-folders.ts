import "server-only"
import { db, type Sql, sql } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"

export type FolderView = {
  name: string
  path: string
  /** The number of files at any depth; null for more than 1,000. */
  count: number | null
  /** The size of all its files; null for more than 1,000 files. */
  bytes: number | null
}

export const MAX_FOLDERS = 1_000
const FILES_COUNTED = 1_000

const natural = new Intl.Collator("en", { numeric: true })

/** Lists the folders directly in a folder ("" is the outermost), by name, up to 1,000. */
export async function listFolders(owner: OwnerId, path: string): Promise<FolderView[]> {
  const before = path === "" ? "" : `${path}/`
  const rows = await db.$queryRaw<{ name: string; count: number; bytes: bigint }[]>`
    WITH RECURSIVE found AS (${steps(owner, before)}),
      named AS (SELECT DISTINCT split_part(substr(path, char_length(${before}::text) + 1), '/', 1) AS folder FROM found)
    SELECT folder AS name, count, bytes
    FROM named, LATERAL (
      SELECT count(*)::int AS count, sum(size)::bigint AS bytes FROM (
        (SELECT size FROM file WHERE ${ofOwner(owner)} AND path COLLATE "C" = ${before}::text || folder
          ORDER BY path COLLATE "C" LIMIT ${FILES_COUNTED + 1})
        UNION ALL
        (SELECT size FROM file WHERE ${ofOwner(owner)} AND path COLLATE "C" >= ${before}::text || folder || '/'
          AND path COLLATE "C" < ${before}::text || folder || '0'
          ORDER BY path COLLATE "C" LIMIT ${FILES_COUNTED + 1}) -- in the order of the index, from which it reads alone
      ) AS counted
    ) AS files`
  return rows
    .map(({ name, count, bytes }) => ({
      name,
      path: before + name,
      ...(count > FILES_COUNTED ? { count: null, bytes: null } : { count, bytes: Number(bytes) }),
    }))
    .sort((a, b) => natural.compare(a.name, b.name))
}

/**
 * In SQL: paths of files below a folder, at least one for each folder directly in it, with one
 * index lookup each. In byte order "a!" comes between "a" and "a/b", so each step skips only the
 * paths below a folder.
 */
const steps = (owner: OwnerId, before: string): Sql => sql`
  (SELECT path, 1 AS step FROM file
    WHERE ${ofOwner(owner)} AND path COLLATE "C" > ${before} ${isBelow(before)}
    ORDER BY path COLLATE "C" LIMIT 1)
  UNION ALL
  SELECT next.path, step + 1 FROM found, LATERAL (
    SELECT path FROM file
    WHERE ${ofOwner(owner)} ${isBelow(before)}
      AND path COLLATE "C" > CASE WHEN position('/' IN substr(found.path, char_length(${before}::text) + 1)) = 0
        THEN found.path
        ELSE ${before}::text || split_part(substr(found.path, char_length(${before}::text) + 1), '/', 1) || '/' || ${LAST}::text END
    ORDER BY path COLLATE "C" LIMIT 1
  ) AS next
  WHERE step < ${2 * MAX_FOLDERS}`

/** Text that sorts after every name in byte order. */
const LAST = "\u{10ffff}"

const isBelow = (before: string): Sql =>
  before === "" ? sql`` : sql`AND path COLLATE "C" < ${`${before.slice(0, -1)}0`}`

const ofOwner = (owner: OwnerId): Sql =>
  sql`owner_id = ${owner}::uuid AND deleted_at IS NULL AND status <> 'abandoned'`

/** Lists the paths of all folders that have files directly in them, up to 1,000. */
export async function listFolderPaths(owner: OwnerId): Promise<string[]> {
  const rows = await db.$queryRaw<{ path: string }[]>`
    WITH RECURSIVE found AS (
      (SELECT path, 1 AS step FROM file WHERE ${ofOwner(owner)} AND path COLLATE "C" > ''
        ORDER BY path COLLATE "C" LIMIT 1)
      UNION ALL
      SELECT next.path, step + 1 FROM found, LATERAL (
        SELECT path FROM file WHERE ${ofOwner(owner)} AND path COLLATE "C" > found.path
        ORDER BY path COLLATE "C" LIMIT 1
      ) AS next
      WHERE step < ${MAX_FOLDERS}
    )
    SELECT path FROM found`
  return rows.map(({ path }) => path).sort(natural.compare)
}
