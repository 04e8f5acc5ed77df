import "server-only"
import { settings } from "#lib/configuration.ts"
import type { Policies } from "#lib/policies/policy.ts"
import { readPolicies } from "#lib/policies/read-policies.ts"

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/

/** What pages that make and show shares need to know of this installation. */
export type ShareSettings = {
  /** Null: a share may stay open without an end. */
  maxShareDays: number | null
  /** Links name this machine as "localhost", so they open on no other. */
  thisMachineOnly: boolean
  /** Hours after which an idle upload is abandoned. */
  uploadIdleHours: number
  /** What admins decided about shares and uploads. */
  policies: MemberPolicies
}

export type MemberPolicies = Omit<Policies, "eventDays" | "auditDays">

export async function shareSettings(): Promise<ShareSettings> {
  const { eventDays: _, auditDays: __, ...policies } = await readPolicies()
  return {
    maxShareDays: policies.maxShareDays,
    policies,
    thisMachineOnly: LOOPBACK.test(new URL(settings.APP_URL).hostname),
    uploadIdleHours: settings.UPLOAD_IDLE_HOURS,
  }
}
