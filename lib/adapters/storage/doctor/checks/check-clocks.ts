import "server-only"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { MOST_APART_MS } from "#lib/adapters/host/clocks-apart.ts"
import { reasonOf } from "#lib/adapters/storage/calls/reason-of.ts"
import type { Probe } from "#lib/adapters/storage/doctor/probe.ts"
import { ownStoreTime } from "#lib/adapters/storage/store-clock.ts"

const APART_S = 5
/** The precision of a store's time, which is rounded down to a second. */
const DATE_MS = 1_000

/** Checks whether the clocks of the database, the store and this machine agree. */
export async function checkClocks({ now }: Pick<Probe, "now">): Promise<Found<"clocks">> {
  const before = Date.now()
  const found = await ownStoreTime(await now()).catch((error: unknown) => reasonOf(error))
  if (typeof found === "string")
    return { state: "warn", code: "unknown", values: { reason: found } }
  const store = Number(found)
  const database = Number(await now())
  const after = Date.now()
  const machine = { least: before, most: after }
  const apart = {
    "store and database": leastBetween(store, store + DATE_MS + (after - before), database),
    "store and this machine": leastBetween(machine.least, machine.most, store, DATE_MS),
    "database and this machine": leastBetween(machine.least, machine.most, database),
  }
  const [detail, ms] = Object.entries(apart).reduce((worst, each) =>
    each[1] > worst[1] ? each : worst,
  )
  const seconds = Math.round(ms / 1000)
  if (seconds <= APART_S) return { state: "ok", code: "ok", values: { seconds: APART_S } }
  const state = seconds * 1000 > MOST_APART_MS ? "fail" : "warn"
  return { state, code: "apart", values: { seconds, detail } }
}

/** Whether the clocks are known to agree. False also while the store does not tell its time. */
export const doStoreClocksAgree = async (now: Probe["now"]): Promise<boolean> =>
  (await checkClocks({ now })).code === "ok"

/** The smallest distance from a range to a time that may be up to `slack` later than stated. */
function leastBetween(least: number, most: number, at: number, slack = 0) {
  return Math.max(0, least - (at + slack), at - most)
}
