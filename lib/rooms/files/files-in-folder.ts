import "server-only"
import { type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"

/**
 * In SQL: whether a file is in a folder, at any depth; "" is every folder. Bytes are compared, so
 * that the index can be used whatever the database's collation is.
 */
export const inFolder = (folder: string): Sql =>
  folder === ""
    ? sql`true`
    : sql`(path COLLATE "C" = ${folder} OR
        path COLLATE "C" >= ${`${folder}/`} AND path COLLATE "C" < ${`${folder}0`})`

/**
 * Lists the ids of the owner's files in a folder, including those that are still uploading, in the
 * order of their paths, up to a limit.
 */
export async function listFolder(
  tx: Pick<Tx, "$queryRaw">,
  owner: MemberId,
  { folder, most }: { folder: string; most: number },
): Promise<string[]> {
  const files = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM file
    WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL AND status <> 'abandoned'
      AND ${inFolder(folder)}
    ORDER BY path, name, id LIMIT ${most}`
  return files.map(({ id }) => id)
}
