import "server-only"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { readAuditHead, tryAuditHead } from "#lib/adapters/storage/audit-head.ts"
import { isRefusal, reasonOf } from "#lib/adapters/storage/calls/reason-of.ts"

/** Checks whether the bucket can keep the head of the audit log. Writes nothing there. */
export async function checkAuditHead(): Promise<Found<"audit_head">> {
  try {
    await readAuditHead()
    const replaces = await tryAuditHead()
    return replaces ? { state: "ok", code: "ok" } : { state: "warn", code: "unconditional" }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { state: "warn", code: "refused", values: { reason: reasonOf(error) } }
  }
}
