import "server-only"
import { longDb, sql } from "#lib/db.ts"

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
 * The revocation of these audit entries, for the member who made it. Null where there is none, or the
 * audit log does not reach back to it.
 */
export async function findRevoked(admin: string, actIds: string[]): Promise<Revoked | null> {
  const [row] = await longDb.$queryRaw<
    { count: number; at: Date | null; exposedUntil: Date | null }[]
  >`
    SELECT count(*)::int AS count, max(entry.at) AS at,
      max(share.exposed_until) FILTER (WHERE share.minted AND share.exposed_until > clock_timestamp())
        AS "exposedUntil"
    FROM (${entriesOf(actIds)}) AS entry
    LEFT JOIN share ON share.id = entry.target_id::uuid
    WHERE entry.actor_id = ${admin}::uuid`
  if (!row?.at) return null
  const { count, at, exposedUntil } = row
  return { count, at: at.toISOString(), exposedUntil: exposedUntil?.toISOString() ?? null }
}

/** The shares that the revocation of these audit entries revoked. */
export async function findRevokedIds(actIds: string[]): Promise<string[]> {
  const rows = await longDb.$queryRaw<{ id: string }[]>`
    SELECT entry.target_id AS id FROM (${entriesOf(actIds)}) AS entry`
  return rows.map(({ id }) => id)
}

/** The entries of shares: an act of one share has no parts. */
const entriesOf = (actIds: string[]) => sql`
  SELECT target_id, actor_id, at FROM audit_entry
  WHERE id = ANY(${actIds}::uuid[]) AND action = 'share.revoke' AND target_id IS NOT NULL
  UNION ALL
  SELECT target_id, actor_id, at FROM audit_entry
  WHERE act_id = ANY(${actIds}::uuid[]) AND action = 'share.revoke'`
