import "server-only"
import { db } from "#lib/adapters/database.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"

/** A share's first file and the number of all its files ever, which make the share's name. */
export type FirstFile = { name: string; fileCount: number }

/**
 * Finds the first file of each share, even if it was removed or deleted since. Leaves out unknown
 * ids. The caller must have checked that the member is an admin.
 */
export async function listFirstFiles(shareIds: string[]): Promise<Map<string, FirstFile>> {
  const rows = await db.$queryRaw<(FirstFile & { id: string })[]>`
    SELECT share.id::text, first.name,
      (SELECT count(*)::int FROM share_file WHERE share_id = share.id) AS "fileCount"
    FROM share, LATERAL (
      SELECT file.name FROM share_file JOIN file ON file.id = file_id
      WHERE share_id = share.id ORDER BY position LIMIT 1
    ) AS first
    WHERE share.id = ANY(${shareIds.filter(isUuid)}::uuid[])`
  return new Map(rows.map(({ id, ...first }) => [id, first]))
}
