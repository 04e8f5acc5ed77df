import "server-only"
import { db } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { type BackupsView, viewBackups } from "./view-backups.ts"

/**
 * Requests a backup from the process that makes the daily ones. Does nothing if one is running or
 * requested. Refuses (not_allowed) without BACKUP_DIR.
 */
export async function askForBackup(admin: AdminId): Promise<BackupsView> {
  const { state } = await viewBackups(admin)
  if (state === "elsewhere" || state === "not_set") throw refusal("not_allowed", "backups_not_set")
  if (state === "idle")
    await db.$transaction(async (tx) => {
      await addJob(tx, "backUp", {}, { key: "backUp" })
      await recordAudit(tx, { actorId: admin, action: "installation.back_up", details: {} })
    })
  return viewBackups(admin)
}
