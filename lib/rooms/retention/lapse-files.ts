import "server-only"
import { setTimeout as sleep } from "node:timers/promises"
import { batchesById, batchesOf, type Range } from "#lib/adapters/database/batch-by-batch.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db, Prisma, sql, type Tx } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { doStoreClocksAgree } from "#lib/adapters/storage.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { namedOwner } from "#lib/rooms/accounts/member.ts"
import { recordAudit, recordParts } from "#lib/rooms/audit/record-audit.ts"
import { type RemovedFile, removeFiles } from "#lib/rooms/files/delete-file.ts"
import {
  batchAfter,
  deletesAt,
  isChosen,
  rangeOfBatch,
  TOLD_DAYS,
} from "#lib/rooms/files/retention/deletes-at.ts"
import { lockSettings, readSettings } from "#lib/rooms/settings/read-settings.ts"
import { type Night, ONE_NIGHT, readNight, writeNight } from "./night.ts"
import { type Lapsing, type OwnersFiles, tellOwners } from "./tell-owners.ts"

const BATCH = 500
/** The number of files in one transaction, for which their owners wait who upload meanwhile. */
const DELETED_AT_ONCE = 100
const RUN_MS = 30 * 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A night that finds more than this, and more than twice what was expected, waits for an admin. */
const USUAL = 100
/** For how long nights wait for an admin after a restore or a gap: each owner is mailed within it. */
const PAUSE_MS = 7 * DAY_MS
/** The time between two mails, each of which names what is due in the next eight days. */
const WEEK_MS = 7 * DAY_MS
/** The most files that one night can delete, whatever their number. */
const MOST = 300_000

type Run = {
  /** The time by which files are judged. */
  now?: Date
  /** Ends the run early, after the statement or the deletion under way. */
  signal?: AbortSignal | undefined
  doClocksAgree?: () => Promise<boolean>
  /** Rests after each batch, as a multiple of its time, so that clicks keep their rate. */
  rest?: number
}

/**
 * Deletes the files whose time has come. A job calls it every night. It walks all files in the order
 * of their ids, and deletes nothing if it finds far more than the last night expected, after a
 * restore or days without a night, or unless the clocks agree with the store's. Then it waits: see
 * `continueNight`. It can be killed at any time, and run twice.
 */
export async function lapseFiles({
  now,
  signal,
  doClocksAgree = () => doStoreClocksAgree(databaseTime),
  rest = 10,
}: Run = {}): Promise<Night | null> {
  if (!(await isThereARule())) {
    await db.installation.updateMany({ data: { retentionNight: Prisma.DbNull } })
    return null
  }
  const at = now ?? (await databaseTime())
  if (!(await doClocksAgree())) {
    const night = (await readNight()) ?? { ...EMPTY, ...NOT_PAUSED, at: at.toISOString() }
    return writeNight({ ...night, waits: "clock", isContinued: false })
  }
  const row = await db.installation.findFirst({
    select: { restoredAt: true, retentionMailedAt: true },
  })
  const mailed = Number(row?.retentionMailedAt ?? 0)
  const isGap = Math.abs(Number(at) - mailed) > WEEK_MS + DAY_MS
  // A mail that comes late by hours names the files of these hours first.
  const dueBy = isGap ? at : new Date(Math.min(Number(at), mailed + WEEK_MS))
  const found = await walk(at, dueBy, { rest, signal })
  if (signal?.aborted) {
    await addJob(db, "lapseFiles", {}, ONE_NIGHT) // runs at the next start
    return null
  }
  const { ids, due } = found
  const before = await readNight() // after the walk: an admin may choose Continue meanwhile
  const judged = judge({ at, due, before, isGap, restored: Number(row?.restoredAt ?? 0) })
  const { waits } = judged
  let [deleted, done] = [0, 0]
  const until = performance.now() + RUN_MS // the walk's rests take none of it
  if (!waits) {
    for (const batch of batchesOf(ids, DELETED_AT_ONCE)) {
      if (signal?.aborted || performance.now() > until) break
      done += batch.length
      deleted += await lapse(batch, dueBy)
    }
  }
  const left = due - done
  const night = await writeNight({
    ...judged,
    at: at.toISOString(),
    due,
    bytes: found.bytes,
    deleted,
    left,
    next: waits ? (before?.next ?? 0) : found.next + left,
    soon: found.soon,
    soonBytes: found.soonBytes,
  })
  await tellOwners(waits ? found.all : found.told, at)
  if (waits) log.warn({ due, waits }, "no file was deleted: Admin, Checks says why")
  return night
}

const EMPTY = { due: 0, bytes: 0, deleted: 0, left: 0, next: 0, soon: 0, soonBytes: 0 }
const NOT_PAUSED = { pause: null, isContinued: false }

async function isThereARule() {
  const { sharedDays, receivedDays, unsharedDays } = (await readSettings()).retention
  if (sharedDays ?? receivedDays ?? unsharedDays) return true
  return (await db.request.findFirst({ where: { deleteDays: { not: null } } })) !== null
}

type Judged = { at: Date; due: number; before: Night | null; isGap: boolean; restored: number }

/**
 * Judges whether a night waits. If no mail of the last eight days names what is due, the installation
 * was off, or a clock was wrong or is, together with that of the database: owners are mailed first.
 */
function judge({
  at,
  due,
  before,
  isGap,
  restored,
}: Judged): Pick<Night, "waits" | "pause" | "isContinued"> {
  if (before?.waits && before.isContinued) return { ...NOT_PAUSED, waits: null }
  const last = Date.parse(before?.at ?? "1970-01-01")
  const paused = (why: "restored" | "gap", from: number) => ({
    why,
    until: new Date(from + PAUSE_MS).toISOString(),
  })
  let pause = before?.pause ?? null
  if (restored > last) pause = paused("restored", restored)
  else if (due > 0 && isGap) pause = paused("gap", Number(at))
  if (pause && Number(at) >= Date.parse(pause.until)) pause = null
  const { next = 0, soon = 0, left = 0 } = before ?? {}
  const isLate = !before?.waits && Number(at) - last > 1.5 * DAY_MS
  const expected = isLate ? soon + left : next
  const isUsual = due <= USUAL || due <= 2 * expected
  const waits = due === 0 ? null : (pause?.why ?? (isUsual ? null : "many"))
  return { waits, pause, isContinued: false }
}

const MOST_NAMED = 20

type Batch = Range & {
  next: number
  soon: number
  soonBytes: number
  due: { id: string; bytes: number }[] | null
  told: (Lapsing & { owner: string; isDue: boolean })[] | null
}

/** Finds what is due, and what is due next. */
async function walk(now: Date, dueBy: Date, { rest = 0, signal }: Pick<Run, "rest" | "signal">) {
  const found = { ids: [] as string[], due: 0, bytes: 0, next: 0, soon: 0, soonBytes: 0 }
  const [told, all] = [new Map<string, OwnersFiles>(), new Map<string, OwnersFiles>()]
  await batchesById(
    async (after, limit) => {
      const began = performance.now()
      const [batch] = await readBatch(now, dueBy, after, limit)
      if (!batch) throw new Error("A statement without FROM has a row.")
      found.next += batch.next
      found.soon += batch.soon
      found.soonBytes += batch.soonBytes
      for (const { id, bytes } of batch.due ?? []) {
        found.due += 1
        found.bytes += bytes
        if (found.ids.length < MOST) found.ids.push(id)
      }
      for (const { owner, isDue, ...file } of batch.told ?? []) {
        addTo(all, owner, file)
        if (!isDue) addTo(told, owner, file)
      }
      await sleep((performance.now() - began) * rest, null, signal && { signal }).catch(() => {})
      return signal?.aborted ? { ...batch, count: 0 } : batch
    },
    { most: BATCH },
  )
  return { ...found, told, all }
}

function addTo(owners: Map<string, OwnersFiles>, owner: string, file: Lapsing) {
  const own = owners.get(owner) ?? { first: [], count: 0, bytes: 0 }
  own.count += 1
  own.bytes += file.bytes
  if (own.first.length < MOST_NAMED) own.first.push(file)
  owners.set(owner, own)
}

const readBatch = (now: Date, dueBy: Date, after: string, limit: number) => db.$queryRaw<Batch[]>`
  WITH ${batchAfter(after, limit)}, until_then AS (
    SELECT * FROM batch WHERE at <= ${now}::timestamptz + make_interval(days => ${TOLD_DAYS}::int)
  ), soon AS (SELECT * FROM until_then WHERE at > ${dueBy})
  SELECT ${rangeOfBatch},
    (SELECT count(*)::int FROM soon WHERE at <= ${now}::timestamptz + interval '1 day') AS next,
    (SELECT count(*)::int FROM soon) AS soon,
    (SELECT coalesce(sum(size), 0)::float8 FROM soon) AS "soonBytes",
    (SELECT json_agg(json_build_object('id', id, 'bytes', size) ORDER BY id)
      FROM batch WHERE at <= ${dueBy}) AS due,
    (SELECT json_agg(json_build_object('owner', owner_id, 'id', id, 'name', name, 'bytes', size,
        'at', greatest(at, ${now}), 'isDue', at <= ${dueBy}) ORDER BY at)
      FROM until_then WHERE NOT ${isChosen(sql`until_then.id`, sql`at`)}) AS told`

/**
 * Deletes those of the files whose time has come. They are judged again once they and their shares
 * are locked, in the order of all transactions: what was reopened, kept or shared meanwhile stays.
 */
async function lapse(ids: string[], now: Date): Promise<number> {
  const work = db.$transaction(async (tx) => {
    await lockSettings(tx, null)
    await tx.$queryRaw`
      SELECT FROM file WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
    await tx.$queryRaw`
      SELECT FROM share
      WHERE id IN (SELECT share_id FROM share_file WHERE file_id = ANY(${ids}::uuid[]))
      ORDER BY id FOR NO KEY UPDATE`
    const which = sql`file.id = ANY(${ids}::uuid[]) AND ${deletesAt()} <= ${now}`
    const files = await removeFiles(tx, which)
    await recordLapsed(tx, files)
    return files.length
  })
  return work.catch((error: unknown) => {
    if (error instanceof Refusal) return 0 // a legal hold came meanwhile: the next night tries again
    throw error
  })
}

/** Writes the audit entries; the first one of each owner stands for the others in the list. */
async function recordLapsed(tx: Tx, files: RemovedFile[]) {
  for (const [id, own] of Map.groupBy(files, ({ ownerId }) => ownerId)) {
    const owner = await tx.member.findUniqueOrThrow({
      where: { id },
      select: { name: true, email: true, kind: true },
    })
    const member = namedOwner(owner)
    const [first, ...others] = own.map(({ id: targetId, name, size }) => ({
      targetId,
      details: { name: plainName(name), size: Number(size), member },
    }))
    const act = { actorId: null, action: "file.lapse" }
    const actId = await recordAudit(tx, { ...act, ...first })
    await recordParts(tx, { ...act, actId, parts: others })
  }
}
