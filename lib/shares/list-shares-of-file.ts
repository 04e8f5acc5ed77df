import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { isUuid } from "#lib/uuid.ts"
import type { ShareStatus } from "./share.ts"
import { statusOf } from "./share-sql.ts"

/** The owner's shares that hold a file, newest first, revoked and expired ones too. */
export async function listSharesOfFile(
  owner: MemberId,
  fileId: string,
): Promise<{ id: string; title: string; status: ShareStatus }[]> {
  if (!isUuid(fileId)) return []
  return db.$queryRaw`
    SELECT s.id, s.title, ${statusOf} AS status
    FROM share s JOIN share_file ON share_file.share_id = s.id
    WHERE s.owner_id = ${owner}::uuid AND share_file.file_id = ${fileId}::uuid
    ORDER BY s.created_at DESC, s.id DESC`
}
