import "server-only"
import { type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { currentOrigin, currentToken, personFor } from "./origin.ts"

/** The details that a reader needs to understand an entry; never a secret. */
export type AuditDetails = Record<string, string | number | boolean | null>

export type NewEntry = {
  /** Null for an action of the installation itself. For a team the entry names who acts for it. */
  actorId: string | null
  /** room.verb, for example "share.revoke". */
  action: string
  targetId?: string | undefined
  details?: AuditDetails
  /** The bulk action to which this entry belongs, as returned by `recordAudit`. */
  actId?: string
  /** The origin of an earlier request, from `currentOrigin`. By default the current one's. */
  origin?: string | null
}

/**
 * Inserts an audit entry in the transaction of the action, with the actor's current name and
 * address and the origin of the request. Returns its id.
 */
export async function recordAudit(tx: Pick<Tx, "$executeRaw">, entry: NewEntry): Promise<string> {
  const id = newId()
  const { targetId } = entry
  const details = withToken(entry, entry.details)
  await tx.$executeRaw`
    INSERT INTO audit_entry (${COLUMNS})
    SELECT ${id}::uuid, ${shared(entry)}, ${targetId ?? null}, ${JSON.stringify(details)}::jsonb`
  return id
}

type Part = { targetId: string; details?: AuditDetails }
type Parts = Omit<NewEntry, "targetId" | "details"> & { parts: Part[] }

/**
 * Inserts an entry for each thing that an action changed. If the entries refer to the entry of a
 * bulk action, the audit page leaves them out of its list.
 */
export async function recordParts(
  tx: Pick<Tx, "$executeRaw">,
  { parts, ...act }: Parts,
): Promise<void> {
  if (parts.length === 0) return
  const ids = parts.map(() => newId())
  const targets = parts.map(({ targetId }) => targetId)
  const details = parts.map(({ details }) => JSON.stringify(withToken(act, details)))
  await tx.$executeRaw`
    INSERT INTO audit_entry (${COLUMNS})
    SELECT part.id, act.*, part.target_id, part.details::jsonb
    FROM unnest(${ids}::uuid[], ${targets}::text[], ${details}::text[])
        AS part (id, target_id, details),
      (SELECT ${shared(act)}) AS act`
}

type EntryOfRow = Omit<NewEntry, "targetId" | "details"> & {
  /** The name of the CTE that returns the changed row. If there is no row, no entry is written. */
  changed: Sql
  /** SQL expressions on the changed row: `targetId` is text, and `details` is jsonb. */
  targetId: Sql
  details?: Sql
}

/**
 * An audit entry as a part of the changing statement, for a data-modifying WITH. The caller's
 * process makes the id, as for all ids.
 */
export const auditEntryOf = ({ changed, targetId, details, ...entry }: EntryOfRow): Sql => sql`
  INSERT INTO audit_entry (${COLUMNS})
  SELECT ${newId()}::uuid, ${shared(entry)}, ${targetId}::text,
    ${details ?? sql`'{}'::jsonb`} || ${JSON.stringify(withToken(entry))}::jsonb
  FROM ${changed}`

/**
 * Adds the token that makes the request, so that a search finds all that it did, and the team for
 * which its actor acts.
 */
export function withToken(
  { actorId }: Pick<NewEntry, "actorId">,
  details: AuditDetails = {},
): AuditDetails {
  const token = currentToken()
  return {
    ...details,
    ...(token && { token: token.name, tokenId: token.id }),
    ...(personFor(actorId) !== null && { teamId: actorId }),
  }
}

type EntriesOfRows = Omit<EntryOfRow, "actId"> & {
  /** The ids of as many entries as there may be rows. */
  ids: string[]
}

/**
 * An audit entry for each changed row, as a part of the changing statement. The rows have a number
 * `n` from 1; the entry of the first stands for all of them, as a bulk action.
 */
export const auditEntriesOf = ({ changed, ids, targetId, details, ...entry }: EntriesOfRows) => sql`
  INSERT INTO audit_entry (${COLUMNS})
  SELECT (${ids}::uuid[])[n], ${shared(entry, sql`CASE WHEN n > 1 THEN ${ids[0]}::uuid END`)},
    ${targetId}::text,
    ${details ?? sql`'{}'::jsonb`} || ${JSON.stringify(withToken(entry))}::jsonb
  FROM ${changed}`

const COLUMNS = sql`id, actor_id, actor, action, act_id, origin, target_id, details`

// If the actor is not a member this subquery is null, which the column refuses.
function shared(
  { actorId: owner, action, actId, origin }: Omit<NewEntry, "targetId" | "details">,
  act = sql`${actId ?? null}::uuid`,
): Sql {
  const actorId = personFor(owner) ?? owner
  const actor = actorId
    ? sql`(SELECT name || CASE member_kind WHEN 'person' THEN ' <' || email || '>' ELSE '' END
        FROM member WHERE id = ${actorId}::uuid)`
    : sql`'Lapse'::text`
  return sql`${actorId}::uuid, ${actor}, ${action}::text, ${act}, ${origin ?? currentOrigin()}::text`
}
