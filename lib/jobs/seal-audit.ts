import "server-only"
import { recordFailedSignIns } from "#lib/accounts/failed-sign-ins.ts"
import { sealEntries } from "#lib/audit/seal-entries.ts"

/** What the audit log needs every minute: failed sign-ins become entries, and entries get seals. */
export async function sealAudit(): Promise<void> {
  await recordFailedSignIns()
  await sealEntries()
}
