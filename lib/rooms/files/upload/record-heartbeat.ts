import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { isDiskFull } from "#lib/adapters/host/disk-room.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"

/**
 * Writes a row at most every three seconds, however often a client calls. Skips locked rows, which
 * are being changed, for example by the end of the upload.
 */
const update = statement(
  "heartbeat",
  { owner: "uuid", ids: "uuid[]" },
  `
UPDATE file SET heartbeat_at = statement_timestamp()
FROM (
  SELECT id FROM file
  WHERE id = ANY((SELECT :ids)::uuid[]) AND owner_id = :owner
    AND status = 'uploading' AND deleted_at IS NULL
    AND (heartbeat_at IS NULL OR heartbeat_at < statement_timestamp() - interval '3 seconds')
  FOR NO KEY UPDATE SKIP LOCKED
) AS reported
WHERE file.id = reported.id`,
)

/**
 * Records that the owner's uploads are running. Visitors see an upload as paused if a browser
 * reported it earlier but not recently. Ignores other files, and a full disk.
 */
export async function recordHeartbeat(owner: OwnerId, fileIds: readonly string[]): Promise<void> {
  if (isDiskFull()) return
  await update({ owner, ids: [...new Set(fileIds)] })
}
