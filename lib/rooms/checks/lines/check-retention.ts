import "server-only"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { readNight } from "#lib/rooms/retention/night.ts"

/** Says whether the deletion of files waits for somebody, or falls behind. */
export async function checkRetention(): Promise<Found<"retention">> {
  const night = await readNight()
  if (!night) return { state: "skipped", code: "off" }
  const { waits, due, left, deleted } = night
  if (waits) return { state: "warn", code: waits, values: { count: due } }
  if (left > 0) return { state: "warn", code: "behind", values: { count: left } }
  return { state: "ok", code: "ok", values: { count: deleted } }
}
