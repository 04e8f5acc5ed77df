import "server-only"
import { type Sql, sql } from "#lib/adapters/database.ts"
import type { AuditorId, OwnerId } from "#lib/rooms/accounts/member.ts"
import { readShares } from "#lib/rooms/shares/list/read-shares.ts"
import type { AskedShare } from "./question.ts"

const MOST = 200

/** Lists the owner's shares with questions, newest first, except those that an admin ended. */
export async function listAskedShares(owner: OwnerId): Promise<AskedShare[]> {
  return read(sql`s.owner_id = ${owner}::uuid AND NOT s.revoked_by_admin`)
}

/** Lists the shares that an admin ended and that have questions. */
export async function listAskedSharesAsAdmin(_by: AuditorId): Promise<AskedShare[]> {
  return read(sql`s.revoked_by_admin`)
}

async function read(whose: Sql): Promise<AskedShare[]> {
  const where = sql`s.open_questions > 0 AND ${whose}`
  const rows = await readShares({ where, limit: MOST, files: "first" })
  return rows.map((row) => {
    const { id, title, name, fileCount, openQuestions: questions } = row
    return { id, title, name, fileCount, questions }
  })
}
