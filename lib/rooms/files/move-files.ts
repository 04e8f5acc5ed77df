import "server-only"
import { db, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { type AuditDetails, recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { MAX_FOLDER_BYTES } from "./file.ts"
import { inFolder } from "./files-in-folder.ts"
import { noSuchFile } from "./require-file.ts"

type Moved = { count: number }

/**
 * Moves files into a folder ("" is the outermost). Visitors of their shares see them there at once.
 * Refuses `not_found` if one of them is not the owner's.
 */
export async function moveFiles(
  owner: OwnerId,
  { fileIds, path }: { fileIds: string[]; path: string },
): Promise<Moved> {
  const ids = [...new Set(fileIds)]
  return db.$transaction(async (tx) => {
    const found = await locked(tx, owner, sql`id = ANY(${ids}::uuid[])`)
    if (found.length < ids.length) throw noSuchFile()
    const moved = found.filter((file) => file.path !== path)
    await write(tx, moved, sql`${path}`)
    const [only] = moved.length === 1 ? moved : []
    if (only) await record(tx, owner, { name: plainName(only.name), files: 1, to: path }, only.id)
    else if (moved.length > 0) await record(tx, owner, { files: moved.length, to: path })
    return { count: found.length }
  })
}

/**
 * Moves a folder and everything in it to another path: a new name, another parent folder, or both.
 * If that folder exists, the two are merged. Refuses (not_found) a folder without files, and
 * (invalid) paths that become too long.
 */
export async function moveFolder(
  owner: OwnerId,
  { from, to }: { from: string; to: string },
): Promise<Moved> {
  return db.$transaction(async (tx) => {
    const found = await locked(tx, owner, inFolder(from))
    if (found.length === 0) {
      throw refusal("not_found", "no_folder", {}, { field: "from" })
    }
    if (from === to) return { count: found.length }
    const longest =
      Math.max(...found.map(({ path }) => bytesOf(path))) + bytesOf(to) - bytesOf(from)
    if (longest > MAX_FOLDER_BYTES) {
      throw refusal("invalid", "long_path", {}, { field: "to" })
    }
    const rest = sql`substr(path, char_length(${from}::text) + 1)`
    // At the outermost level the leading "/" is removed.
    await write(tx, found, to === "" ? sql`ltrim(${rest}, '/')` : sql`${to}::text || ${rest}`)
    await record(tx, owner, { files: found.length, before: from, to })
    return { count: found.length }
  })
}

const bytesOf = (text: string) => Buffer.byteLength(text)

type File = { id: string; name: string; path: string }

/** Locks the files in the order of their ids, so that two moves never deadlock. */
const locked = (tx: Tx, owner: OwnerId, which: Sql) => tx.$queryRaw<File[]>`
  SELECT id, name, path FROM file
  WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL AND status <> 'abandoned' AND ${which}
  ORDER BY id FOR NO KEY UPDATE`

const write = (tx: Tx, files: File[], path: Sql) => tx.$executeRaw`
  UPDATE file SET path = ${path} WHERE id = ANY(${files.map(({ id }) => id)}::uuid[])`

const record = (tx: Tx, actorId: OwnerId, details: AuditDetails, targetId?: string) =>
  recordAudit(tx, { actorId, action: "file.move", targetId, details })
