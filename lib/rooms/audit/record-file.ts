import "server-only"
import { sql, type Tx } from "#lib/adapters/database.ts"
import { findAct } from "./find-act.ts"
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
 * entry. Must be last in a transaction: it waits for other entries of the action.
 */
export async function recordFile(tx: Tx, { path, ...file }: FileEntry): Promise<void> {
  const [folder = ""] = path.split("/")
  const details = {
    ...file.details,
    ...(folder && { folder }),
    ...withToken({ actorId: file.actorId }),
  }
  const entry = { ...file, details }
  const actId = await findActOf(tx, entry)
  await recordAudit(tx, { ...entry, ...(actId !== undefined && { actId }) })
}

type Entry = Omit<FileEntry, "path">

async function findActOf(tx: Tx, entry: Entry): Promise<string | undefined> {
  const { name: _name, size: _size, ...shared } = entry.details
  const common = JSON.stringify(shared)
  // Otherwise simultaneous entries would not see each other, and each would count as the first.
  await tx.$executeRaw`
    SELECT pg_advisory_xact_lock(${LOCK}::int, hashtext(${`${entry.actorId} ${entry.action} ${common}`}))`
  return findAct(tx, { ...entry, like: sql`details - 'name' - 'size' = ${common}::jsonb` })
}
