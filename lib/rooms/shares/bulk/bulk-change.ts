import "server-only"
import { HIGHEST_ID } from "#lib/adapters/database/batch-by-batch.ts"
import { databaseTimeAgo } from "#lib/adapters/database/time.ts"
import { db, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { addJob, type JobName } from "#lib/adapters/queue.ts"

/** The kinds of bulk changes, which are also the names of the jobs that continue them. */
export type BulkKind = Extract<JobName, "revokeShares" | "revokeOwnShares">

/** The requested change, and the member who requests it. `input` is stored as JSON. */
export type Asked<Input> = {
  id: string
  by: string
  input: Input
  /** The origin of the request, for audit entries; null if there is none. */
  origin: string | null
}

/** The shares that a batch may write, and their maximum number. */
export type Batch = {
  /** The SQL condition that selects the next shares. Its columns have no table name. */
  next: Sql
  /** The id after which the next shares begin, and the highest of them. */
  after: string
  to: string
  /** Whether no share is left after a batch with fewer than `limit`. */
  isEnd: boolean
  limit: number
  /** The time of the request with microseconds, as text; null in the first batch. */
  askedAt: string | null
}

/** The result of a batch. */
export type Written = {
  /** The locked shares, by their ids; fewer than the limit in the last batch. */
  selected: string[]
  count: number
  /** The audit entry of the batch; null if it changed nothing. */
  act: string | null
  /** The selected shares that were open until now. */
  closed: string[]
}

/** After this many seconds without a batch, a change counts as interrupted and its job starts. */
export const JOB_AFTER_SECONDS = 5

type FirstBatch = { kind: BulkKind; asked: Asked<unknown>; written: Written; total: number }
type Due = { kind: BulkKind; runAt: Date }

/** In SQL: when the job may start, some seconds after the last batch. */
const dueAt = sql`progressed_at + make_interval(secs => ${JOB_AFTER_SECONDS}::int)`

/**
 * Records a change that its first batch did not complete, with its job, in the transaction of that
 * batch. `total` is the number of shares to change. Shares made after this are not selected,
 * whatever the database's clock says.
 */
export async function recordBulkChange(tx: Tx, { kind, asked, written, total }: FirstBatch) {
  const { id, by, input, origin } = asked
  const { selected, count, act } = written
  const due = await tx.$queryRaw<Due[]>`
    INSERT INTO bulk_change
      (id, kind, requested_by_id, origin, input, made_until, total, written, written_to, act_ids)
    SELECT ${id}::uuid, ${kind}, ${by}::uuid, ${origin}, ${JSON.stringify(input)}::jsonb,
      greatest(clock_timestamp(), (SELECT max(created_at) FROM share)),
      greatest(${total}::int, ${count}::int), ${count}::int,
      ${selected.at(-1)}::uuid, ${act === null ? [] : [act]}::uuid[]
    RETURNING kind, ${dueAt} AS "runAt"`
  await postponeJob(tx, id, due)
}

/**
 * Postpones the job, so that it starts only if there is no batch for some seconds. A job that
 * continues the change postpones its successor, which does the rest if that job dies or fails.
 */
async function postponeJob(tx: Tx, id: string, [due]: Due[]) {
  if (due) await addJob(tx, due.kind, { id }, { runAt: due.runAt, key: id })
}

type Row = Omit<Asked<unknown>, "id"> & { askedAt: string; madeUntil: string; writtenTo: string }

/**
 * A range of shares that is changed in turns, each the ids of another remainder. A page has room for
 * new versions of a few of its shares. The next turn reuses the room of the versions that the one
 * before replaced; otherwise most would move to other pages and be written into every index anew.
 */
export type Window = { from: string; to: string; turn: number; turns: number; after: string }

const TURNS = 8
/** Below this number of shares a batch is too small to be divided. */
const LEAST_IN_TURNS = 500

/** Returns the next window. Without turns it ends with the shares. */
export async function openWindow(tx: Tx, from: string, limit: number): Promise<Window> {
  const window = { from, to: HIGHEST_ID, turn: 0, turns: 1, after: from }
  if (limit < LEAST_IN_TURNS) return window
  const last = await tx.share.findFirst({
    where: { id: { gt: from } },
    orderBy: { id: "asc" },
    skip: TURNS * limit - 1,
    select: { id: true },
  })
  return { ...window, to: last?.id ?? HIGHEST_ID, turns: TURNS }
}

/** Whether the turn of a window is the last of all. */
export const isEnd = ({ to, turn, turns }: Window) => to === HIGHEST_ID && turn === turns - 1

/** Returns where the next batch begins: in a window, or else after the shares that are written. */
export function placeAfter(window: Window, { selected }: Written, limit: number) {
  const isLast = selected.length < limit && isEnd(window)
  const last = selected.at(-1)
  if (selected.length === limit && last) {
    return window.turns === 1
      ? { window: null, writtenTo: last, isLast }
      : { window: { ...window, after: last }, writtenTo: null, isLast }
  }
  const turn = window.turn + 1
  return turn < window.turns
    ? { window: { ...window, turn, after: window.from }, writtenTo: null, isLast }
    : { window: null, writtenTo: window.to, isLast }
}

/** Returns the change, locked until the end of this transaction; null if it is done. */
export async function lockBulkChange(tx: Tx, id: string) {
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT requested_by_id::text AS by, input, origin, requested_at::text AS "askedAt",
      made_until::text AS "madeUntil", written_to::text AS "writtenTo"
    FROM bulk_change WHERE id = ${id}::uuid AND done_at IS NULL
    FOR NO KEY UPDATE`
  if (!row) return null
  const { askedAt, madeUntil, writtenTo, ...asked } = row
  return { asked: { id, ...asked }, askedAt, madeUntil, writtenTo }
}

/** In SQL: the shares of a window's turn that were made before the change. */
export const nextOf = ({ after, to, turn, turns }: Window, madeUntil: string) => sql`
  id > ${after}::uuid AND id <= ${to}::uuid AND created_at <= ${madeUntil}::timestamptz
  AND get_byte(uuid_send(id), 15) % ${turns}::int = ${turn}::int`

/** Records one more batch in its transaction, and postpones the job. */
export async function recordBatch(tx: Tx, id: string, { written, writtenTo, isLast }: NextBatch) {
  const { count, act } = written
  const due = await tx.$queryRaw<Due[]>`
    UPDATE bulk_change SET written = written + ${count}::int,
      total = greatest(total, written + ${count}::int),
      written_to = greatest(written_to, ${writtenTo}::uuid),
      act_ids = act_ids || ${act === null ? [] : [act]}::uuid[],
      progressed_at = clock_timestamp(),
      done_at = CASE WHEN ${isLast} THEN clock_timestamp() END
    WHERE id = ${id}::uuid
    RETURNING kind, ${dueAt} AS "runAt"`
  await postponeJob(tx, id, due)
}

/** All shares up to `writtenTo` are written; null if that is not known before the next turn. */
type NextBatch = { written: Written; writtenTo: string | null; isLast: boolean }

/** Enqueues changes again whose job failed too often. */
export async function resumeBulkChanges(): Promise<void> {
  const before = await databaseTimeAgo(3_600_000)
  await db.$transaction(async (tx) => {
    const open = await tx.bulkChange.findMany({
      where: { doneAt: null, progressedAt: { lt: before } },
      select: { id: true, kind: true },
    })
    for (const { id, kind } of open) await addJob(tx, kind as BulkKind, { id })
  })
}

/** Ends a shortening, a kind of earlier versions, where it was interrupted. */
export async function endShortening(id: string): Promise<void> {
  const ended = await db.$queryRaw<{ written: number; total: number }[]>`
    UPDATE bulk_change SET done_at = clock_timestamp()
    WHERE id = ${id}::uuid AND kind = 'shortenShares' AND done_at IS NULL
    RETURNING written, total`
  for (const reached of ended) log.warn(reached, "an interrupted shortening of shares was ended")
}
