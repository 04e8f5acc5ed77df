import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db, rawSql } from "#lib/db.ts"
import type { ShareStatus } from "./share.ts"
import { statusOf } from "./share-sql.ts"

/** The owner's shares that hold any of these files (UUIDs), and which of them; newest first, revoked and expired ones too. */
export async function listSharesOfFiles(
  owner: MemberId,
  fileIds: string[],
): Promise<{ id: string; title: string; status: ShareStatus; fileIds: string[] }[]> {
  return db.$queryRaw`
    SELECT s.id, s.title, ${rawSql(statusOf("s"))} AS status,
      array_agg(share_file.file_id ORDER BY share_file.position) AS "fileIds"
    FROM share s JOIN share_file ON share_file.share_id = s.id
    WHERE s.owner_id = ${owner}::uuid AND share_file.file_id = ANY(${fileIds}::uuid[])
    GROUP BY s.id
    ORDER BY s.created_at DESC, s.id DESC`
}
