import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db, sql } from "#lib/db.ts"
import { inFolder } from "./files-in-folder.ts"

/** A folder of a member's files. */
export type FolderView = {
  name: string
  path: string
  /** Files at any depth. */
  count: number
  bytes: number
}

/** A page shows so many of them. */
export const MAX_FOLDERS = 1_000

const natural = new Intl.Collator("en", { numeric: true })

/** The folders directly in a folder ("" is the outermost), by name; up to 1,000. */
export async function listFolders(owner: MemberId, path: string): Promise<FolderView[]> {
  const before = path === "" ? "" : `${path}/`
  const below = path === "" ? sql`path <> ''` : sql`${inFolder(path)} AND path <> ${path}`
  const rows = await db.$queryRaw<{ name: string; count: number; bytes: bigint }[]>`
    SELECT split_part(substr(path, char_length(${before}::text) + 1), '/', 1) AS name,
      count(*)::int AS count, sum(size)::bigint AS bytes
    FROM file
    WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL AND status <> 'abandoned' AND ${below}
    GROUP BY 1 ORDER BY 1 LIMIT ${MAX_FOLDERS}`
  return rows
    .map(({ name, count, bytes }) => ({ name, path: before + name, count, bytes: Number(bytes) }))
    .sort((a, b) => natural.compare(a.name, b.name))
}

/** The paths of all folders that have files directly in them, up to 1,000. */
export async function listFolderPaths(owner: MemberId): Promise<string[]> {
  const rows = await db.$queryRaw<{ path: string }[]>`
    SELECT DISTINCT path FROM file
    WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL AND status <> 'abandoned' AND path <> ''
    ORDER BY path LIMIT ${MAX_FOLDERS}`
  return rows.map(({ path }) => path).sort(natural.compare)
}
