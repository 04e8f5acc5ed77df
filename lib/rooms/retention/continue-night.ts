import "server-only"
import { db } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { type Night, ONE_NIGHT, readNight, writeNight } from "./night.ts"

/**
 * Lets the deletion that waits go on, now. Refuses (conflict) if none waits for an admin.
 */
export const continueNight = (admin: AdminId): Promise<Night> =>
  db.$transaction(async (tx) => {
    const night = await readNight(tx)
    if (!night?.waits || night.waits === "clock") throw refusal("conflict", "nothing_waits")
    await writeNight({ ...night, isContinued: true }, tx)
    const details = { files: night.due }
    await recordAudit(tx, { actorId: admin, action: "retention.continue", details })
    await addJob(tx, "lapseFiles", {}, ONE_NIGHT)
    return night
  })
