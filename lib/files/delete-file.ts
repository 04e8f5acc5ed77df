import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db, sql } from "#lib/db.ts"
import { fileIdOrRefuse, noSuchFile } from "./file-view.ts"
import { removeFile } from "./remove-file.ts"

/**
 * Deletes a file or cancels its upload: from now on no share gives it out, its bytes go, and its
 * size is given back to the member's quota. Refuses `not_found`.
 */
export async function deleteFile(owner: MemberId, id: string): Promise<void> {
  const which = sql`id = ${fileIdOrRefuse(id)}::uuid AND owner_id = ${owner}::uuid`
  if (!(await db.$transaction((tx) => removeFile(tx, which)))) throw noSuchFile()
}
