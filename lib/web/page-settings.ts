import "server-only"
import { configuration } from "#lib/configuration.ts"
import { readSettings } from "#lib/settings/read-settings.ts"
import type { Settings } from "#lib/settings/setting.ts"

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/

/** What pages that make and show shares need to know of this installation. */
export type PageSettings = Omit<Settings, "eventDays" | "auditDays"> & {
  /** Links name this machine as "localhost", so they open on no other. */
  thisMachineOnly: boolean
  /** Hours after which an idle upload is abandoned. */
  uploadIdleHours: number
}

export async function pageSettings(): Promise<PageSettings> {
  const { eventDays: _, auditDays: __, ...settings } = await readSettings()
  return {
    ...settings,
    thisMachineOnly: LOOPBACK.test(new URL(configuration.APP_URL).hostname),
    uploadIdleHours: configuration.UPLOAD_IDLE_HOURS,
  }
}
