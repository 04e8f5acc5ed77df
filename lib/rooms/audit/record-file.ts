import "server-only"
import { sql, type Tx } from "#lib/adapters/database.ts"
import { currentOrigin } from "./origin.ts"
import { type AuditDetails, type NewEntry, recordAudit, withToken } from "./record-audit.ts"

const LOCK = 720_354_003

type FileEntry = Omit<NewEntry, "actId" | "details"> & {
  targetId: string
  details: AuditDetails & { name: string; size: number }
  path: string
}

/**
 * Inserts an audit entry about a file. If the same actor did the same to another file in the same
 * outermost folder in the last minute, the entries become one bulk action, represented by its first
 * entry. It lasts at most an hour and does not cross midnight UTC, so that retention deletes it
 * with its parts. Must be last in a transaction: it waits for other entries of the action.
 */
export async function recordFile(tx: Tx, { path, ...file }: FileEntry): Promise<void> {
  const [folder = ""] = path.split("/")
  const details = { ...file.details, ...(folder && { folder }), ...withToken() }
  const entry = { ...file, details }
  const actId = await findAct(tx, entry)
  await recordAudit(tx, { ...entry, ...(actId !== undefined && { actId }) })
}

type Entry = Omit<FileEntry, "path">

async function findAct(tx: Tx, { actorId, action, details }: Entry): Promise<string | undefined> {
  const { name: _name, size: _size, ...shared } = details
  const common = JSON.stringify(shared)
  // Otherwise simultaneous entries would not see each other, and each would count as the first.
  await tx.$executeRaw`
    SELECT pg_advisory_xact_lock(${LOCK}::int, hashtext(${`${actorId} ${action} ${common}`}))`
  const byActor = actorId === null ? sql`actor_id IS NULL` : sql`actor_id = ${actorId}::uuid`
  const [found] = await tx.$queryRaw<{ id: string }[]>`
    SELECT act.id FROM (
      SELECT coalesce(act_id, id) AS id FROM audit_entry
      WHERE ${byActor} AND action = ${action} AND details - 'name' - 'size' = ${common}::jsonb
        AND origin IS NOT DISTINCT FROM ${currentOrigin()}::text
        AND at > statement_timestamp() - interval '1 minute'
      ORDER BY at DESC, id DESC LIMIT 1
    ) AS latest JOIN audit_entry AS act USING (id)
    WHERE act.action = ${action} AND act.at > statement_timestamp() - interval '1 hour'
      AND act.at >= date_trunc('day', statement_timestamp(), 'UTC')`
  return found?.id
}
