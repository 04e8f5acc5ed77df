import "server-only"
import { db, rawSql } from "#lib/adapters/database.ts"
import type { AuditorId } from "#lib/rooms/accounts/member.ts"
import { hasStatus } from "#lib/rooms/shares/share-sql.ts"

/** Counts stop at this number. Above it the page only says that there are more. */
export const COUNTED_TO = 1_000

export type MemberCounts = {
  id: string
  /** Numbers are capped at one more than the limit of the count. */
  openShares: number
  shares: number
  openRequests: number
  requests: number
  files: number
}

/** Counts the shares, requests and files of each of these members, by member id. */
export async function countOfMembers(
  _by: AuditorId,
  ids: string[],
  countedTo = COUNTED_TO,
): Promise<Map<string, MemberCounts>> {
  const counted = (text: string) =>
    rawSql(`(SELECT count(*)::int FROM (SELECT ${text} LIMIT ${countedTo + 1}) AS counted)`)
  const rows = await db.$queryRaw<MemberCounts[]>`
    SELECT m.id,
      ${counted(`FROM share s WHERE s.owner_id = m.id AND s.share_kind = 'share' AND ${hasStatus("s", "open")}`)} AS "openShares",
      ${counted("FROM share s WHERE s.owner_id = m.id AND s.share_kind = 'share'")} AS shares,
      ${counted(`FROM share s WHERE s.owner_id = m.id AND s.share_kind = 'request' AND ${hasStatus("s", "open")}`)} AS "openRequests",
      ${counted(`FROM share s JOIN request r ON r.share_id = s.id AND r.deleted_at IS NULL
        WHERE s.owner_id = m.id`)} AS requests,
      ${counted("FROM file f WHERE f.owner_id = m.id AND f.deleted_at IS NULL")} AS files
    FROM unnest(${ids}::uuid[]) AS m (id)`
  return new Map(rows.map((row) => [row.id, row]))
}
