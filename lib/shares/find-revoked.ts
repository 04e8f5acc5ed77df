import "server-only"
import type { AdminId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"

/** What became of a revocation. Times are ISO 8601 UTC. */
export type Revoked = {
  /** Shares that it revoked. */
  count: number
  /** When the last of them was. */
  at: string
  /** Until when a URL of them may work that was minted before; null: none does any more. */
  exposedUntil: string | null
}

/**
 * The revocation of these audit entries, for the admin who made it. Null where there is none, or the
 * audit log does not reach back to it.
 */
export async function findRevoked(admin: AdminId, actIds: string[]): Promise<Revoked | null> {
  const [row] = await db.$queryRaw<{ count: number; at: Date | null; exposedUntil: Date | null }[]>`
    SELECT count(*)::int AS count, max(entry.at) AS at,
      max(share.exposed_until) FILTER (WHERE share.minted AND share.exposed_until > clock_timestamp())
        AS "exposedUntil"
    FROM (
      SELECT target_id, at FROM audit_entry
      WHERE id = ANY(${actIds}::uuid[]) AND actor_id = ${admin}::uuid AND action = 'share.revoke'
      UNION ALL
      SELECT target_id, at FROM audit_entry
      WHERE act_id = ANY(${actIds}::uuid[]) AND actor_id = ${admin}::uuid AND action = 'share.revoke'
    ) AS entry
    LEFT JOIN share ON share.id = entry.target_id::uuid
    WHERE entry.target_id IS NOT NULL`
  if (!row?.at) return null
  const { count, at, exposedUntil } = row
  return { count, at: at.toISOString(), exposedUntil: exposedUntil?.toISOString() ?? null }
}
