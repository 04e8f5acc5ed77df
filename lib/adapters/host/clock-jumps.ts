import "server-only"
import { processWide } from "#lib/adapters/process-wide.ts"

/** Less than the difference that refuses clicks, and more than a slow answer can cause. */
const JUMP_MS = 10_000

type Clock = "database" | "process" | "store"

type Clocks = { lastRead: Partial<Record<Clock, number>>; hasJumped: boolean }

const clocks = () => processWide("clocks", (): Clocks => ({ lastRead: {}, hasJumped: false }))

/** Records the time of a clock. It has jumped if it moved differently from the monotonic clock. */
export function noticeTime(clock: Clock, saidMs: number): void {
  const { lastRead } = clocks()
  const before = lastRead[clock]
  const read = saidMs - performance.now()
  lastRead[clock] = read
  if (before !== undefined && Math.abs(read - before) > JUMP_MS) clocks().hasJumped = true
}

/**
 * Whether a clock has jumped since the clocks of database and store were compared. Also reads this
 * process's clock, which is usually the database's or the store's as well.
 */
export function hasClockJumped(): boolean {
  noticeTime("process", Date.now())
  return clocks().hasJumped
}

/** Forgets the jumps, because the clocks have been compared. */
export function forgetJumps(): void {
  noticeTime("process", Date.now())
  clocks().hasJumped = false
}
