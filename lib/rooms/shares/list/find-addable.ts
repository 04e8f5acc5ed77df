import "server-only"
import { z } from "zod"
import { containing } from "#lib/adapters/database/list-page.ts"
import { db, noSql, sql } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { FileView } from "#lib/rooms/files/file.ts"
import { type FileRow, fileColumns, toFileView } from "#lib/rooms/files/file-columns.ts"
import { shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"

const MOST_FILES = 50
const MOST_FOLDERS = 10

/** Files that a share does not contain yet, and the paths of folders that have such files. */
export const Addable = z.strictObject({ folders: z.array(z.string()), files: z.array(FileView) })
export type Addable = z.infer<typeof Addable>

/** Finds the latest 50 such files and 10 of their folders whose names contain the text. */
export async function findAddable(
  owner: OwnerId,
  { shareId, q }: { shareId: string; q?: string | undefined },
): Promise<Addable> {
  const missing = sql`file.owner_id = ${owner}::uuid AND file.deleted_at IS NULL
    AND file.status <> 'abandoned' AND NOT EXISTS (
      SELECT FROM share_file WHERE share_file.share_id = ${shareIdOrRefuse(shareId)}::uuid
        AND share_file.file_id = file.id AND share_file.removed_at IS NULL)`
  const pattern = q ? containing(q) : null
  const [files, folders] = await Promise.all([
    db.$queryRaw<FileRow[]>`
      SELECT ${fileColumns} FROM file
      WHERE ${missing} ${pattern ? sql`AND file.name ILIKE ${pattern}` : noSql}
      ORDER BY file.created_at DESC, file.id DESC LIMIT ${MOST_FILES}`,
    db.$queryRaw<{ path: string }[]>`
      SELECT DISTINCT path FROM file
      WHERE ${missing} AND path <> '' ${pattern ? sql`AND path ILIKE ${pattern}` : noSql}
      ORDER BY path LIMIT ${MOST_FOLDERS}`,
  ])
  return { files: files.map(toFileView), folders: folders.map(({ path }) => path) }
}
