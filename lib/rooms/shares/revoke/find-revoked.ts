import "server-only"
import { longDb, sql } from "#lib/adapters/database.ts"
import { idsOf } from "#lib/rooms/shares/bulk/write-in-batches.ts"

/** The result of a revocation. Times are ISO 8601 UTC. */
type Revoked = {
  /** The number of shares that it revoked. */
  count: number
  at: string
  /** The time until which a URL minted for them may still work; null if none does. */
  exposedUntil: string | null
}

/**
 * Finds the revocation with these audit entries, for the member who made it. Returns null if there
 * is none, or if it is no longer in the audit log.
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

/** In SQL: the ids, as text, of the shares revoked by the revocation with these audit entries. */
export const targetsOf = (actIds: string[]) =>
  sql`SELECT entry.target_id AS id FROM (${entriesOf(actIds)}) AS entry`

/** Returns the ids of the shares revoked by the revocation with these audit entries. */
export const findRevokedIds = async (actIds: string[]): Promise<string[]> =>
  idsOf(await longDb.$queryRaw<{ id: string }[]>(targetsOf(actIds)))

/** Selects the audit entries of shares. The entry for a single share has no parts. */
const entriesOf = (actIds: string[]) => sql`
  SELECT target_id, actor_id, at FROM audit_entry
  WHERE id = ANY(${actIds}::uuid[]) AND action = 'share.revoke' AND target_id IS NOT NULL
  UNION ALL
  SELECT target_id, actor_id, at FROM audit_entry
  WHERE act_id = ANY(${actIds}::uuid[]) AND action = 'share.revoke'`
