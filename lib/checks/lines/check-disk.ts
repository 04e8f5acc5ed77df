import "server-only"
import type { Found } from "#lib/findings/finding.ts"
import { isDiskFull, isDiskLow } from "#lib/host/disk-room.ts"
import { hostState } from "#lib/host/host-state.ts"

/** Whether the disk of the data directory has room, as it was measured in the last seconds. */
export async function checkDisk(): Promise<Found<"disk">> {
  const { disk } = hostState()
  if (!disk) return { state: "skipped", code: "none" }
  const { directory, freeBytes, reserveBytes } = disk
  const values = { directory, free: { bytes: freeBytes }, reserve: { bytes: reserveBytes } }
  if (isDiskFull()) {
    const half = { bytes: reserveBytes / 2 }
    return { state: "fail", code: "full", values: { ...values, half } }
  }
  // Above the reserve by less than the reserve, the next upload may be refused.
  if (isDiskLow() || freeBytes < 2 * reserveBytes) return { state: "warn", code: "low", values }
  return { state: "ok", code: "ok", values }
}
