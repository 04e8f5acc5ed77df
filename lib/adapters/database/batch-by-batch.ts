import "server-only"
import { setTimeout as sleep } from "node:timers/promises"
import { pool } from "#lib/adapters/database.ts"
import { isTimeout } from "#lib/adapters/outages/outage.ts"

/** The maximum number of rows that one transaction writes, so that it locks no row for long. */
export const BATCH_SIZE = 5_000
/** The number of rows in a first batch, until the speed of the database is known. */
const FIRST_BATCH_SIZE = 1_000
/** If a batch took longer, the next one is smaller. If it took less than a third, larger. */
const LONG_MS = 2_000
/** Below this size only a timeout makes batches smaller, because their fixed cost predominates. */
const SMALL_BATCH_SIZE = 250

type Batches = {
  /** The maximum number of rows in a batch. */
  most?: number
  /**
   * The pause after each batch while others suffer, as a multiple of the batch's time. At most two
   * seconds.
   */
  pause?: number
}

/** Others suffer if the database answers this much slower beside a batch, and by at least 1 ms. */
const SUFFERING = 1.3
/** The part of a batch's time for which it pauses at least, to measure answers without it. */
const LEAST_PAUSE = 1 / 2
const PROBE_EVERY_MS = 20
/** The number of answers whose median counts. */
const ANSWERS = 50

/** Measures how long the database takes to answer while `work` runs, and adds it to `answers`. */
function measuring<Result>(answers: number[], work: Promise<Result>): Promise<Result> {
  let isWaiting = false
  const ask = async () => {
    if (isWaiting) return
    isWaiting = true
    const began = performance.now()
    const answered = await pool()
      .query("SELECT 1")
      .catch(() => null)
    if (answered) answers.push(performance.now() - began)
    isWaiting = false
  }
  const timer = setInterval(ask, PROBE_EVERY_MS)
  return work.finally(() => clearInterval(timer))
}

/** The median of the latest answers; 0 without any. */
const median = (answers: number[]) => {
  const latest = answers.slice(-ANSWERS).sort((a, b) => a - b)
  return latest[latest.length >> 1] ?? 0
}

/** Whether others suffer, by the answers of the database beside the batches and without them. */
export function suffer(beside: number[], alone: number[]): boolean {
  const [slow, fast] = [median(beside), median(alone)]
  return slow > fast * SUFFERING && slow > fast + 1
}

/**
 * Writes batch after batch, each in one transaction, as long as `write` returns "more", and returns
 * its last result. Passes the maximum number of rows of a batch: fewer when the database is slow,
 * more when it is fast. A batch that timed out was rolled back, and half of it is retried at once.
 */
export async function batchByBatch<Result>(
  write: (limit: number) => Promise<Result | "more">,
  { most = BATCH_SIZE, pause = 0 }: Batches = {},
): Promise<Result> {
  let limit = Math.min(most, FIRST_BATCH_SIZE)
  const [beside, alone]: [number[], number[]] = [[], []]
  for (;;) {
    const began = performance.now()
    const writing = write(limit).catch((error: unknown) => {
      if (limit === 1 || !isTimeout(error)) throw error
      return "timeout" as const
    })
    const result = await (pause > 0 ? measuring(beside, writing) : writing)
    if (result !== "more" && result !== "timeout") return result
    const took = performance.now() - began
    if (result === "timeout" || (took > LONG_MS && limit > SMALL_BATCH_SIZE)) {
      limit = Math.floor(limit / 2)
    } else if (took < LONG_MS / 3) {
      limit = Math.min(most, limit * 2)
    }
    if (result === "more" && pause > 0) {
      await measuring(alone, sleep(took * LEAST_PAUSE))
      if (suffer(beside, alone)) await measuring(alone, sleep(Math.min(took * pause, LONG_MS)))
    }
  }
}

/** Divides a list into batches of at most `size` items. */
export function* batchesOf<Item>(items: readonly Item[], size = BATCH_SIZE) {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

export const LOWEST_ID = "00000000-0000-0000-0000-000000000000"
export const HIGHEST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

/** The highest id of a batch, and the number of its ids. */
export type Range = { last: string | null | undefined; count: number }

/** Writes batches in the order of ids. `write` receives the id after which a batch begins. */
export async function batchesById(
  write: (after: string, limit: number) => Promise<Range>,
  batches: Batches = {},
): Promise<void> {
  let after = LOWEST_ID
  await batchByBatch(async (limit) => {
    const { last, count } = await write(after, limit)
    after = last ?? after
    return count === limit ? "more" : "done"
  }, batches)
}
