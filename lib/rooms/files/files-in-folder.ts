import "server-only"
import { type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"

/**
 * In SQL: whether a file is in a folder, at any depth; "" means all files. Compares bytes, so that
 * the index can be used with any collation of the database.
 */
export const inFolder = (folder: string): Sql =>
  folder === ""
    ? sql`true`
    : sql`(path COLLATE "C" = ${folder} OR
        path COLLATE "C" >= ${`${folder}/`} AND path COLLATE "C" < ${`${folder}0`})`

/** Lists the owner's file ids in a folder, uploads included, sorted by path, up to a limit. */
export async function listFolder(
  tx: Pick<Tx, "$queryRaw">,
  owner: OwnerId,
  { folder, most }: { folder: string; most: number },
): Promise<string[]> {
  const files = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM file
    WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL AND status <> 'abandoned'
      AND ${inFolder(folder)}
    ORDER BY path, name, id LIMIT ${most}`
  return files.map(({ id }) => id)
}
