import "server-only"
import { settings } from "#lib/settings.ts"

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/

/** What the pages around a share have to know of this installation. */
export function shareSettings() {
  return {
    maxShareDays: settings.MAX_SHARE_DAYS ?? null,
    // Nobody else can open a link that names its own machine.
    thisMachineOnly: LOOPBACK.test(new URL(settings.APP_URL).hostname),
    uploadIdleHours: settings.UPLOAD_IDLE_HOURS,
  }
}
