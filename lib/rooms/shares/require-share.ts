import "server-only"
import { sql } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { type OwnerId, type Reader, shownTo } from "#lib/rooms/accounts/member.ts"
import { readShares, toAdminShareView, toShareView } from "./list/read-shares.ts"
import type { AdminShareView, ShareView } from "./share.ts"

/** Returns a share with all its files. Refuses `not_found`, also for another member's share. */
export async function requireShare(owner: OwnerId, id: string): Promise<ShareView> {
  const where = sql`s.id = ${shareIdOrRefuse(id)}::uuid AND s.owner_id = ${owner}::uuid AND s.share_kind = 'share'`
  const [row] = await readShares({ where, files: "all" })
  if (!row) throw noSuchShare()
  return toShareView(row)
}

/** Returns any member's share, for an admin or auditor. Refuses `not_found`. */
export async function requireAnyShare(reader: Reader, id: string): Promise<AdminShareView> {
  const where = sql`s.id = ${shareIdOrRefuse(id)}::uuid AND s.share_kind = 'share'`
  const [row] = await readShares({ where, files: "all" })
  if (!row) throw noSuchShare()
  return shownTo(reader, toAdminShareView(row))
}

export const noSuchShare = () => refusal("not_found", "no_share")

/** Returns the id. A malformed one is refused as unknown; PostgreSQL would throw. */
export function shareIdOrRefuse(id: string) {
  if (!isUuid(id)) throw noSuchShare()
  return id
}
