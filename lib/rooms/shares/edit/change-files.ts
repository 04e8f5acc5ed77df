import "server-only"
import { sql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { listFolder } from "#lib/rooms/files/files-in-folder.ts"
import { takePlaces } from "#lib/rooms/files/scan/replace-older.ts"
import { MAX_SHARE_FILES } from "#lib/rooms/shares/share.ts"

type Chosen = { fileIds?: string[] | undefined; folder?: string | undefined }

/**
 * Returns the chosen files without duplicates: the listed ones, then the files of the folder,
 * sorted by path. Refuses (not_found) a folder without files, and (invalid) too many files.
 */
export async function chosenFiles(
  tx: Tx,
  owner: OwnerId,
  { fileIds = [], folder }: Chosen,
): Promise<string[]> {
  if (folder === undefined) return [...new Set(fileIds)]
  const inFolder = await listFolder(tx, owner, { folder, most: MAX_SHARE_FILES + 1 })
  if (inFolder.length === 0) {
    throw refusal("not_found", "folder_empty", {}, { field: "folder" })
  }
  const all = [...new Set([...fileIds, ...inFolder])]
  refuseTooMany(all.length, "folder")
  return all
}

function refuseTooMany(files: number, field: string) {
  if (files <= MAX_SHARE_FILES) return
  throw refusal("invalid", "too_many_files", {}, { field })
}

/**
 * Locks the owner's files, and those that they replace, before the share, in the order of all
 * transactions. Arrays in place of joins keep the plan linear where a table has no statistics yet.
 */
export async function lockFiles(tx: Tx, owner: OwnerId, fileIds: string[]): Promise<void> {
  await tx.$queryRaw`
    WITH chosen AS (
      SELECT id, replaces_id FROM file WHERE id = ANY(${fileIds}::uuid[])
    ), touched AS (
      SELECT id FROM chosen
      UNION SELECT replaces_id FROM chosen
      UNION SELECT id FROM file WHERE replaces_id = ANY(ARRAY(
        SELECT replaces_id FROM chosen WHERE replaces_id IS NOT NULL))
    )
    SELECT count(*) FROM (
      SELECT FROM file WHERE owner_id = ${owner}::uuid AND id = ANY(ARRAY(SELECT id FROM touched))
      ORDER BY id FOR NO KEY UPDATE OF file
    ) AS locked`
}

type Adding = { shareId: string; owner: OwnerId; fileIds: string[] }

/**
 * Adds files to a new share, or to a locked one, after those it contains. Restores a file that was
 * removed. A ready file that replaces another file of the share gets its position. Returns the
 * numbers of files that the share did not contain and that were replaced. Refuses (not_found) files that were deleted or are not the owner's.
 */
export async function addFiles(
  tx: Tx,
  { shareId, owner, fileIds }: Adding,
  isNew: boolean,
): Promise<{ added: number; replaced: number }> {
  if (isNew) await lockFiles(tx, owner, fileIds)
  const [added] = await tx.$queryRaw<{ found: number; added: number }[]>`
    WITH found AS (
      SELECT file.id, chosen.position FROM unnest(${fileIds}::uuid[])
        WITH ORDINALITY AS chosen (file_id, position)
      JOIN file ON file.id = chosen.file_id
      WHERE file.owner_id = ${owner}::uuid AND file.deleted_at IS NULL AND file.status <> 'abandoned'
    ), added AS (
      INSERT INTO share_file (share_id, file_id, position, added_at)
      SELECT ${shareId}::uuid, found.id, found.position::int + (
          SELECT coalesce(max(position), 0) FROM share_file WHERE share_id = ${shareId}::uuid),
        CASE WHEN NOT ${isNew} THEN statement_timestamp() END
      FROM found
      ON CONFLICT (share_id, file_id) DO UPDATE SET removed_at = NULL, position = excluded.position
        WHERE share_file.removed_at IS NOT NULL
      RETURNING file_id
    )
    SELECT (SELECT count(*) FROM found)::int AS found, (SELECT count(*) FROM added)::int AS added`
  const here = sql`share_id = ${shareId}::uuid AND file_id = ANY(${fileIds}::uuid[])`
  const [taken] = isNew ? [] : await takePlaces(tx, here)
  const missing = fileIds.length - (added?.found ?? 0)
  if (missing > 0) throw noSuchFiles(missing, fileIds.length, isNew ? "fileIds" : "addFileIds")
  return { added: added?.added ?? 0, replaced: taken?.removed ?? 0 }
}

function noSuchFiles(missing: number, all: number, field: string) {
  const key = missing === all ? "no_files" : "files_missing"
  return refusal("not_found", key, { missing, all }, { field })
}

type Change = { owner: OwnerId; shareId: string; title: string; add: string[]; remove: string[] }

/**
 * Adds files to a locked share and removes files from it, with an audit entry. Rows of removed
 * files stay, with a date, because a URL may still work. Returns whether any file was removed.
 * Refuses to remove the last one.
 */
export async function changeFiles(tx: Tx, change: Change): Promise<boolean> {
  const { owner, shareId, title, add, remove } = change
  if (add.length + remove.length === 0) return false
  const { added, replaced } =
    add.length > 0
      ? await addFiles(tx, { shareId, owner, fileIds: add }, false)
      : { added: 0, replaced: 0 }
  const takenOut = await tx.$executeRaw`
    UPDATE share_file SET removed_at = clock_timestamp()
    WHERE share_id = ${shareId}::uuid AND file_id = ANY(${remove}::uuid[]) AND removed_at IS NULL`
  const removed = takenOut + replaced
  const held = await tx.shareFile.count({ where: { shareId, removedAt: null } })
  refuseTooMany(held, "addFileIds")
  if (removed > 0 && held === 0) {
    throw refusal("invalid", "last_file", {}, { field: "removeFileIds" })
  }
  if (added + removed > 0) {
    const details = { title, added, removed }
    await recordAudit(tx, { actorId: owner, action: "share.files", targetId: shareId, details })
  }
  return removed > 0
}
