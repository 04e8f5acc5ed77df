import "server-only"
import { recordFailedSignIns } from "#lib/rooms/accounts/sign-in/failed-sign-ins.ts"
import { sealUnderHead } from "#lib/rooms/audit/head/seal-under-head.ts"

/** Does the audit log's work of every minute: turns failed sign-ins into entries, and seals. */
export async function sealAudit(): Promise<void> {
  await recordFailedSignIns()
  await sealUnderHead()
}
