import "server-only"
import { databaseTime } from "#lib/database/time.ts"
import { db } from "#lib/db.ts"
import { log } from "#lib/monitoring/log.ts"
import { inTime } from "#lib/outages/in-time.ts"
import { storeTime } from "#lib/storage.ts"
import { forgetJumps } from "./clock-jumps.ts"
import { clocksApartSentence, doClocksDiffer } from "./clocks-apart.ts"
import { hostState } from "./host-state.ts"

/** A change by less is not said again. */
const SAID_CHANGE_MS = 5_000
/** A store's Date is cut off to a second. */
const DATE_MS = 1_000
const PATIENCE_MS = 3_000
const NARROW_MS = 1_500
/** A measurement less exact than this says nothing. */
const WIDEST_MS = 5_000
const MAX_SAMPLES = 3
/** How exact the stored difference is: else each measurement would write it. */
const STORED_MS = 2_000

/** Store minus database, milliseconds: the true difference lies between. */
export type ClockRange = { min: number; max: number }

/**
 * Compares the clocks of database and store: for clicks of this process, and for every process in
 * the row that lib/shares/exposure.ts reads. Throws where one of them does not answer; then what was
 * found before holds.
 */
export function compareClocks(): Promise<void> {
  running ??= inTime(compare(), PATIENCE_MS).finally(() => {
    running = undefined
    forgetJumps()
  })
  return running
}

let running: Promise<void> | undefined

async function compare() {
  const range = await measure()
  const apart = leastOf(range)
  const found = hostState()
  const before = found.clocksApartMs ?? 0
  found.clocksApartMs = apart
  sayChange(before, apart)
  await keepDelay(Math.max(0, -range.min))
}

/** The narrowest of a few measurements: a slow answer says little. */
async function measure() {
  let best = await sample()
  for (let n = 1; n < MAX_SAMPLES && widthOf(best) > NARROW_MS; n++) {
    const next = await sample()
    if (widthOf(next) < widthOf(best)) best = next
  }
  if (widthOf(best) > WIDEST_MS) throw new Error("database and store answer too slowly to compare")
  return best
}

async function sample(): Promise<ClockRange> {
  const asked = performance.now()
  const store = Number(await storeTime())
  const database = Number(await databaseTime())
  const answered = performance.now()
  return differenceOf({ store, database, asked, answered })
}

type Answers = { store: number; database: number; asked: number; answered: number }

/**
 * Both read their clocks between `asked` and `answered`, the store first and up to a second after
 * what it said.
 */
export function differenceOf({ store, database, asked, answered }: Answers): ClockRange {
  const difference = store - database
  return { min: difference, max: difference + DATE_MS + (answered - asked) }
}

const widthOf = ({ min, max }: ClockRange) => max - min

/** The difference there is at least, towards the side of its sign; 0 where there may be none. */
export const leastOf = ({ min, max }: ClockRange) => (min > 0 ? min : Math.min(max, 0))

function sayChange(before: number, apart: number) {
  const was = doClocksDiffer({ clocksApartMs: before })
  const is = doClocksDiffer({ clocksApartMs: apart })
  if (is && (!was || Math.abs(apart - before) > SAID_CHANGE_MS)) {
    log.warn({ apartMs: Math.round(apart) }, clocksApartSentence())
  }
  if (was && !is) log.info("the clocks of database and bucket agree again")
}

/** Written only where it changed, and never left smaller than it is. */
async function keepDelay(ms: number) {
  const most = Math.ceil(ms)
  await db.$executeRaw`
    UPDATE installation SET clock_difference_ms = ${most}::bigint
    WHERE clock_difference_ms < ${most}::bigint OR clock_difference_ms > ${most + STORED_MS}::bigint`
}
