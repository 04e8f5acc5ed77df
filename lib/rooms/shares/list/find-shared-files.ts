import "server-only"
import { containing } from "#lib/adapters/database/list-page.ts"
import { db, type Sql, sql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { AuditorId } from "#lib/rooms/accounts/member.ts"

const MOST = 20

/** A file that is in a share, in a list from which an admin chooses. */
type SharedFile = {
  id: string
  name: string
  path: string
  size: number
  owner: string
  /** The number of shares that contain it, of any status. */
  shares: number
}

type Wanted = {
  q?: string | undefined
  shareId?: string | undefined
}

/** Finds up to 20 shared files of any member: of one share in its order, else newest first. */
export async function findSharedFiles(
  _by: AuditorId,
  { q, shareId }: Wanted,
): Promise<SharedFile[]> {
  const named = q ? sql`file.name ILIKE ${containing(q)}` : sql`true`
  if (!shareId) {
    const held = sql`EXISTS (SELECT FROM share_file WHERE share_file.file_id = file.id
      AND share_file.removed_at IS NULL)`
    return select(sql`file WHERE ${named} AND ${held}`, sql`file.created_at DESC, file.id DESC`)
  }
  if (!isUuid(shareId)) return []
  return select(
    sql`share_file JOIN file ON file.id = share_file.file_id
      WHERE share_file.share_id = ${shareId}::uuid AND share_file.removed_at IS NULL AND ${named}`,
    sql`share_file.position`,
  )
}

/** Returns a file that is in a share. Refuses `not_found`. */
export async function requireSharedFile(_by: AuditorId, id: string): Promise<SharedFile> {
  const [file] = isUuid(id) ? await select(sql`file WHERE file.id = ${id}::uuid`, sql`file.id`) : []
  if (!file) throw refusal("not_found", "no_file")
  return file
}

/** Selects files. `from` ends in a condition on a file called file. */
async function select(from: Sql, order: Sql): Promise<SharedFile[]> {
  const rows = await db.$queryRaw<SharedFile[]>`
    WITH chosen AS (
      SELECT file.*, row_number() OVER (ORDER BY ${order}) AS place
      FROM ${from} AND file.deleted_at IS NULL
      ORDER BY ${order} LIMIT ${MOST}
    )
    SELECT chosen.id, chosen.name, chosen.path, chosen.size::float8 AS size, member.name AS owner,
      (SELECT count(*) FROM share_file s WHERE s.file_id = chosen.id AND s.removed_at IS NULL)::int AS shares
    FROM chosen JOIN member ON member.id = chosen.owner_id
    ORDER BY chosen.place`
  return rows.map((row) => ({ ...row, owner: plainName(row.owner) }))
}
