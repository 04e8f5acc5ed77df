import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import type { ShareStatus } from "./share.ts"
import { statusOf } from "./share-sql.ts"

/** The owner's shares that hold any of these files (UUIDs), each once, newest first, revoked and expired ones too. */
export async function listSharesOfFiles(
  owner: MemberId,
  fileIds: string[],
): Promise<{ id: string; title: string; status: ShareStatus }[]> {
  return db.$queryRaw`
    SELECT s.id, s.title, ${statusOf} AS status
    FROM share s
    WHERE s.owner_id = ${owner}::uuid AND EXISTS (
      SELECT FROM share_file
      WHERE share_file.share_id = s.id AND share_file.file_id = ANY(${fileIds}::uuid[])
    )
    ORDER BY s.created_at DESC, s.id DESC`
}
