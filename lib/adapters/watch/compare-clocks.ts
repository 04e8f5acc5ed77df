import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { forgetJumps, hasClockJumped } from "#lib/adapters/host/clock-jumps.ts"
import {
  clocksApartSentence,
  doClocksDiffer,
  MOST_APART_MS,
} from "#lib/adapters/host/clocks-apart.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { inTime } from "#lib/adapters/outages/in-time.ts"
import { ownStoreTime, storeTime, tryClock, UnknownStoreTime } from "#lib/adapters/storage.ts"

/** A change smaller than this is not logged again. */
const LOGGED_CHANGE_MS = 5_000
/** The precision of a store's time, which is rounded down to a second. */
const DATE_MS = 1_000
const PATIENCE_MS = 3_000
const NARROW_MS = 1_500
/** A measurement less exact than this, in milliseconds, is ignored. */
const WIDEST_MS = 5_000
const MAX_SAMPLES = 3
/** Rounds the stored difference, so that not every measurement writes a new value. */
const STORED_MS = 2_000
/** For this long, only the clock that was found to be right is read. */
const RIGHT_MS = 60_000

/** Store time minus database time in milliseconds; the true one is between `min` and `max`. */
type ClockRange = { min: number; max: number }

/**
 * Compares the clocks of database and store: for clicks in this process, and for all processes in
 * the row that lib/rooms/shares/exposure.ts reads. Does nothing if it was done within the last
 * `pauseMs`. Throws if one of them does not answer; the earlier result is then kept.
 */
export function compareClocks(pauseMs = 0): Promise<void> {
  if (running) return running
  const found = hostState()
  const now = performance.now()
  if (now - found.clocksComparedAt < pauseMs) return Promise.resolve()
  found.clocksComparedAt = now
  running = inTime(compare(), PATIENCE_MS).finally(() => {
    running = undefined
    forgetJumps()
  })
  return running
}

let running: Promise<void> | undefined

async function compare() {
  const found = hostState()
  const range = await believable().catch((error: unknown) => {
    if (error instanceof UnknownStoreTime) found.clocksApartMs = null
    throw error
  })
  const apart = leastOf(range)
  const before = found.clocksApartMs ?? 0
  found.clocksApartMs = apart
  logChange(before, apart)
  await keepDelay(Math.max(0, -range.min))
}

/**
 * Compares the clocks by a trustworthy time of the store. A proxy may put its own time into
 * answers, so the store is also asked whether it serves URLs as that time implies. If not, its own
 * time is measured. Which of the two was right is remembered for a minute while the clocks agree.
 * Throws UnknownStoreTime if the store reports neither its time nor why it refuses a URL.
 */
async function believable(): Promise<ClockRange> {
  const found = hostState()
  const now = await databaseTime()
  const own = () => ownStoreTime(now)
  const { rightTime } = found
  if (rightTime && performance.now() < rightTime.until && !hasClockJumped()) {
    const range = await measure(rightTime.isOwn ? own : storeTime)
    if (!isApart(range)) return range
  }
  const [range, verdict] = await Promise.all([
    measure(storeTime),
    tryClock(now, MOST_APART_MS / 1000).catch(() => null),
  ])
  const remember = (range: ClockRange, isOwn: boolean) => {
    found.rightTime = isApart(range) ? null : { isOwn, until: performance.now() + RIGHT_MS }
    return range
  }
  if (verdict === null) return range
  if (verdict.agrees !== isApart(range)) return remember(range, false)
  return measure(own).then(
    (range) => remember(range, true),
    (cause: unknown) => {
      if (verdict.says === null) throw cause
      const least = (verdict.says === "has expired" ? 1 : -1) * (MOST_APART_MS + 1)
      return { min: least, max: least }
    },
  )
}

const isApart = (range: ClockRange) => Math.abs(leastOf(range)) > MOST_APART_MS

/** Returns the narrowest of several measurements, because a slow answer is imprecise. */
async function measure(storeTime: () => Promise<Date>) {
  const sample = () => sampleOf(storeTime)
  let best = await sample()
  for (let n = 1; n < MAX_SAMPLES && widthOf(best) > NARROW_MS; n++) {
    const next = await sample()
    if (widthOf(next) < widthOf(best)) best = next
  }
  if (widthOf(best) > WIDEST_MS) throw new Error("database and store answer too slowly to compare")
  return best
}

async function sampleOf(storeTime: () => Promise<Date>): Promise<ClockRange> {
  const asked = performance.now()
  const store = Number(await storeTime())
  const database = Number(await databaseTime())
  const answered = performance.now()
  return differenceOf({ store, database, asked, answered })
}

type Answers = { store: number; database: number; asked: number; answered: number }

/** Both read their clocks between `asked` and `answered`; the store rounds a second down. */
export function differenceOf({ store, database, asked, answered }: Answers): ClockRange {
  const difference = store - database
  return { min: difference, max: difference + DATE_MS + (answered - asked) }
}

const widthOf = ({ min, max }: ClockRange) => max - min

/** The smallest possible difference, with its sign; 0 if they may be equal. */
export const leastOf = ({ min, max }: ClockRange) => (min > 0 ? min : Math.min(max, 0))

function logChange(before: number, apart: number) {
  const was = doClocksDiffer({ clocksApartMs: before })
  const is = doClocksDiffer({ clocksApartMs: apart })
  if (is && (!was || Math.abs(apart - before) > LOGGED_CHANGE_MS)) {
    log.warn({ apartMs: Math.round(apart) }, clocksApartSentence())
  }
  if (was && !is) log.info("the clocks of database and bucket agree again")
}

/** Writes the delay only if it changed. A stored delay is never too small. */
async function keepDelay(ms: number) {
  const clockDifferenceMs = Math.ceil(ms)
  await db.installation.updateMany({
    where: {
      NOT: { clockDifferenceMs: { gte: clockDifferenceMs, lte: clockDifferenceMs + STORED_MS } },
    },
    data: { clockDifferenceMs },
  })
}
