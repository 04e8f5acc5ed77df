import "server-only"
import { env } from "#lib/env.ts"

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/

/** What the pages around a share have to know of this installation. */
export function shareSettings() {
  return {
    maxShareDays: env.MAX_SHARE_DAYS ?? null,
    // Nobody else can open a link that names its own machine.
    thisMachineOnly: LOOPBACK.test(new URL(env.APP_URL).hostname),
    uploadIdleHours: env.UPLOAD_IDLE_HOURS,
  }
}
