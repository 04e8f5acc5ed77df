import "server-only"
import { recordFailedSignIns } from "#lib/rooms/accounts/sign-in/failed-sign-ins.ts"
import { sealUnderHead } from "#lib/rooms/audit/head/seal-under-head.ts"

/** Runs every minute: turns failed sign-ins into audit entries, and seals entries. */
export async function sealAudit(): Promise<void> {
  await recordFailedSignIns()
  await sealUnderHead()
}
