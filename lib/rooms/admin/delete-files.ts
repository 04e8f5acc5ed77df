import "server-only"
import { db, sql } from "#lib/adapters/database.ts"
import { evenOnFullDisk } from "#lib/adapters/watch/disk-ballast.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { recordDeleted, removeFile } from "#lib/rooms/files/delete-file.ts"

/**
 * Deletes files of any member, or cancels their uploads, as their owners would. Deletes one at a
 * time, each with its audit entry, so that clicks on the shares wait for only one deletion. Does
 * not count files that are already deleted. Works on a full disk.
 */
export async function deleteFiles(admin: AdminId, ids: string[]): Promise<{ count: number }> {
  let count = 0
  for (const id of [...new Set(ids)].sort()) {
    if (await evenOnFullDisk(() => deleteOne(admin, id))) count += 1
  }
  return { count }
}

const deleteOne = (admin: AdminId, id: string) =>
  db.$transaction(async (tx) => {
    const file = await removeFile(tx, sql`id = ${id}::uuid`)
    if (!file) return false
    await recordDeleted(tx, admin, file)
    return true
  })
