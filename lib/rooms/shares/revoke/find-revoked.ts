import "server-only"
import { longDb, sql } from "#lib/adapters/database.ts"
import { idsOf } from "#lib/rooms/shares/bulk/write-in-batches.ts"

/** The result of a revocation. Times are ISO 8601 UTC. */
export type Revoked = {
  /** The number of shares that it revoked. */
  count: number
  /** The time when the last of them was revoked. */
  at: string
  /** Until when a URL that was minted for them before may work; null if none does any more. */
  exposedUntil: string | null
}

/**
 * Finds the revocation of these audit entries, for the member who made it. Returns null if there is
 * none, or if the audit log no longer contains it.
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

/** In SQL: the ids, as text, of the shares that the revocation of these audit entries revoked. */
export const targetsOf = (actIds: string[]) =>
  sql`SELECT entry.target_id AS id FROM (${entriesOf(actIds)}) AS entry`

/** Returns the ids of the shares that the revocation of these audit entries revoked. */
export const findRevokedIds = async (actIds: string[]): Promise<string[]> =>
  idsOf(await longDb.$queryRaw<{ id: string }[]>(targetsOf(actIds)))

/** The audit entries of shares; an act on one share has no parts. */
const entriesOf = (actIds: string[]) => sql`
  SELECT target_id, actor_id, at FROM audit_entry
  WHERE id = ANY(${actIds}::uuid[]) AND action = 'share.revoke' AND target_id IS NOT NULL
  UNION ALL
  SELECT target_id, actor_id, at FROM audit_entry
  WHERE act_id = ANY(${actIds}::uuid[]) AND action = 'share.revoke'`
