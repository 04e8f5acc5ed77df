import "server-only"
import {
  BATCH_SIZE,
  batchByBatch,
  HIGHEST_ID,
  LOWEST_ID,
} from "#lib/adapters/database/batch-by-batch.ts"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import { warnOnFailure } from "#lib/adapters/outages/warn-on-failure.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { currentOrigin } from "#lib/rooms/audit/origin.ts"
import {
  type Asked,
  type Batch,
  type BulkKind,
  isEnd,
  lockBulkChange,
  nextOf,
  openWindow,
  placeAfter,
  recordBatch,
  recordBulkChange,
  type Window,
  type Written,
} from "./bulk-change.ts"

export type BulkChange<Input> = {
  kind: BulkKind
  parse: (input: unknown) => Input
  /** Writes one batch, with its audit entries, in the order of the ids. */
  write: (tx: Tx, asked: Asked<Input>, batch: Batch) => Promise<Written>
  afterBatch?: (written: Written, isFirst: boolean) => Promise<void>
  afterLast?: (asked: Asked<Input>) => Promise<void>
  transaction: <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>
}

type BulkResult = {
  id: string
  /** The number of shares changed so far. */
  count: number
  /** The audit entries of its batches. */
  acts: string[]
  /** Whether there are no more batches. False only in the background. */
  isLast: boolean
}

type Wanted<Input> = {
  by: string
  input: Input
  /** The number of shares to change, as counted before or as confirmed. */
  total: number
}

export type Pace = {
  /** The maximum number of shares in a batch. */
  limit?: number | undefined
  /** Whether to return after the first batch, while this process writes the others. */
  inBackground?: boolean
}

/** In the background, batches take a third of the time, so that clicks stay almost as fast. */
const PAUSE = 2

/**
 * Changes any number of shares, batch after batch, each in a transaction with its audit entries. If
 * the first batch does not complete the change, its transaction records the change in a row. If
 * this process dies, a job continues from that row with the shares after those already written, so
 * that none is changed twice and none is left out.
 */
export async function changeInBulk<Input>(
  change: BulkChange<Input>,
  wanted: Wanted<Input>,
  { limit, inBackground = false }: Pace = {},
): Promise<BulkResult> {
  const first = await writeFirst(change, wanted, limit)
  if (first.isLast) return first
  const { id } = first
  const rest = continueInBulk(change, id, { limit, pause: inBackground ? PAUSE : 0 })
  if (inBackground) {
    void warnOnFailure(rest, "a bulk change is left to its job")
    return first
  }
  await rest
  const row = await db.bulkChange.findUniqueOrThrow({
    where: { id },
    select: { written: true, actIds: true },
  })
  return { id, count: row.written, acts: row.actIds, isLast: true }
}

const FIRST = {
  next: sql`true`,
  after: LOWEST_ID,
  to: HIGHEST_ID,
  isEnd: true,
  askedAt: null,
}

async function writeFirst<Input>(
  change: BulkChange<Input>,
  { by, input, total }: Wanted<Input>,
  most = BATCH_SIZE,
): Promise<BulkResult> {
  const asked = { id: newId(), by, input, origin: currentOrigin() }
  const write = (limit: number) =>
    change.transaction(async (tx) => {
      const written = await change.write(tx, asked, { ...FIRST, limit })
      const isLast = written.selected.length < limit
      if (!isLast) await recordBulkChange(tx, { kind: change.kind, asked, written, total })
      return { written, asked, isFirst: true, isLast }
    })
  const first = await batchByBatch(write, { most })
  await afterCommit(change, first)
  const { count, act } = first.written
  return { id: asked.id, count, acts: act === null ? [] : [act], isLast: first.isLast }
}

/** The job that writes the remaining batches. Concurrent processes write batches alternately. */
export async function continueInBulk<Input>(
  change: BulkChange<Input>,
  id: string,
  { limit: most = BATCH_SIZE, pause = PAUSE }: { limit?: number | undefined; pause?: number } = {},
): Promise<void> {
  let window: Window | null = null
  const write = async (limit: number) => {
    const batch = await change.transaction((tx) => writeNext(change, { tx, id, limit, window }))
    if (!batch) return "done"
    window = batch.window
    await afterCommit(change, batch)
    return "more"
  }
  await batchByBatch(write, { most, pause })
}

type Next = { tx: Tx; id: string; limit: number; window: Window | null }

async function writeNext<Input>(change: BulkChange<Input>, { tx, id, limit, window }: Next) {
  const locked = await lockBulkChange(tx, id)
  if (!locked) return null
  const { askedAt, madeUntil, writtenTo } = locked
  const here = window ?? (await openWindow(tx, writtenTo, limit))
  const asked = { ...locked.asked, input: change.parse(locked.asked.input) }
  const { after, to } = here
  const batch = { next: nextOf(here, madeUntil), after, to, isEnd: isEnd(here), limit, askedAt }
  const written = await change.write(tx, asked, batch)
  const place = placeAfter(here, written, limit)
  await recordBatch(tx, id, { written, ...place })
  return { written, asked, isFirst: false, ...place }
}

type Committed<Input> = { written: Written; asked: Asked<Input>; isFirst: boolean; isLast: boolean }

async function afterCommit<Input>(change: BulkChange<Input>, batch: Committed<Input>) {
  await change.afterBatch?.(batch.written, batch.isFirst)
  if (batch.isLast) await change.afterLast?.(batch.asked)
}
