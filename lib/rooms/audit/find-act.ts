import "server-only"
import { type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { currentOrigin, currentToken, personFor } from "./origin.ts"

type Wanted = {
  actorId: string | null
  action: string
  /** A condition on entries that are about the same thing. */
  like: Sql
}

/**
 * Finds the bulk action that the next entry belongs to: an entry by the same actor, origin and
 * token within the last minute, or its bulk action. One lasts at most an hour and does not cross
 * midnight UTC, so that retention deletes it with its parts. The caller must hold a lock that
 * orders such entries.
 */
export async function findAct(
  tx: Tx,
  { actorId: owner, action, like }: Wanted,
): Promise<string | undefined> {
  const actorId = personFor(owner) ?? owner
  const byActor = actorId === null ? sql`actor_id IS NULL` : sql`actor_id = ${actorId}::uuid`
  const [found] = await tx.$queryRaw<{ id: string }[]>`
    SELECT act.id FROM (
      SELECT coalesce(act_id, id) AS id FROM audit_entry
      WHERE ${byActor} AND action = ${action} AND ${like}
        AND details->>'tokenId' IS NOT DISTINCT FROM ${currentToken()?.id ?? null}::text
        AND origin IS NOT DISTINCT FROM ${currentOrigin()}::text
        AND at > statement_timestamp() - interval '1 minute'
      ORDER BY at DESC, id DESC LIMIT 1
    ) AS latest JOIN audit_entry AS act USING (id)
    WHERE act.action = ${action} AND act.at > statement_timestamp() - interval '1 hour'
      AND act.at >= date_trunc('day', statement_timestamp(), 'UTC')`
  return found?.id
}
