import "server-only"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { isDiskFull, isDiskLow } from "#lib/adapters/host/disk-room.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"

/** Checks whether the disk of the data directory has free space, by the last measurement. */
export async function checkDisk(): Promise<Found<"disk">> {
  const { disk } = hostState()
  if (!disk) return { state: "skipped", code: "none" }
  const { directory, freeBytes, reserveBytes } = disk
  const values = { directory, free: { bytes: freeBytes }, reserve: { bytes: reserveBytes } }
  if (isDiskFull()) {
    const half = { bytes: reserveBytes / 2 }
    return { state: "fail", code: "full", values: { ...values, half } }
  }
  // With less than twice the reserve free, an upload may soon be refused.
  if (isDiskLow() || freeBytes < 2 * reserveBytes) return { state: "warn", code: "low", values }
  return { state: "ok", code: "ok", values }
}
