import { setTimeout as sleep } from "node:timers/promises"
import { db } from "#lib/adapters/database.ts"
import { sealEntries } from "#lib/rooms/audit/chain/seal-entries.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"

/** Records `count` entries, one after another, and seals them. Returns their ids. */
export async function sealedEntries(count: number): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    const details = { title: `Share ${n}`, files: n }
    const entry = { actorId: null, action: "share.create", targetId: `${n}`, details }
    ids.push(await recordAudit(db, entry))
  }
  await sealAll()
  return ids
}

/**
 * Seals every entry. It waits for older transactions of other tests on the same server, which delay
 * sealing.
 */
export async function sealAll(): Promise<number> {
  let sealed = await sealEntries()
  while ((await db.auditUnsealed.count()) > 0) {
    await sleep(5)
    sealed += await sealEntries()
  }
  return sealed
}
