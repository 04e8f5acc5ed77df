import "server-only"
import { cache } from "react"
import { canSendMail, configuration } from "#lib/adapters/configuration.ts"
import { isLoopback } from "#lib/adapters/http/is-loopback.ts"
import { readBrandingOrLast } from "#lib/rooms/settings/read-branding.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"

/** The settings of this installation for pages that create or show shares. */
export type PageSettings = Omit<Settings, "eventDays" | "auditDays"> & {
  /** Whether links name this machine as "localhost", so that they open on no other. */
  thisMachineOnly: boolean
  /** Whether this installation can send mail. */
  mail: boolean
}

export async function pageSettings(): Promise<PageSettings> {
  const { eventDays: _, auditDays: __, ...settings } = await readSettings()
  return {
    ...settings,
    thisMachineOnly: isLoopback(new URL(configuration.APP_URL).hostname),
    mail: canSendMail(),
  }
}

/** The branding of the page that is being rendered. */
export const pageBranding = cache(readBrandingOrLast)
