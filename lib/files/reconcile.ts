import "server-only"
import { db, sql } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import {
  abortMultipart,
  deleteObject,
  headObject,
  listMultiparts,
  listObjects,
  storeTime,
} from "#lib/storage.ts"
import { destroyObject } from "./destroy-object.ts"
import { removeFile } from "./remove-file.ts"

const PREFIX = "o/"
/** As Lapse makes them; what else lies below the prefix is not its own. */
const KEY = /^o\/[a-z0-9]{20,}$/
const BATCH = 500
const DAY_MS = 86_400_000

export type LostFile = { id: string; name: string; size: number; owner: string; key: string }

export type Reconciliation = {
  applied: boolean
  objects: number
  rows: number
  /** Objects without a row. */
  orphans: { key: string; size: number }[]
  /** Uploads in parts without a row. */
  multiparts: { key: string; uploadId: string }[]
  /** Rows without an object: files that are ready, and whose bytes are gone. */
  lost: LostFile[]
  /** Objects that were to be deleted more than a day ago. */
  overdue: { key: string }[]
  /** Left alone because they are younger than a day by the store's clock. */
  young: number
  /** Left alone because Lapse makes no such keys. */
  foreign: number
}

type Wanted = {
  apply: boolean
  /** Left out: the store's own time. */
  now?: Date
}

/**
 * Compares the bucket with the database, in both directions, and with `apply` deletes what only one
 * of them knows. Safe while uploads run: what is younger than a day and what is uploading is left
 * alone, since a row is written before its object. Refuses (conflict) to apply where nothing matches.
 */
export async function reconcile({ apply, now }: Wanted): Promise<Reconciliation> {
  const old = Number(now ?? (await storeTime())) - DAY_MS
  const objects = await findOrphans(old)
  const uploads = await findMultiparts(old)
  const rows = await findLost(objects.seen)
  const overdue = await findOverdue()
  const found: Reconciliation = {
    applied: apply,
    objects: objects.count,
    rows: rows.count,
    orphans: objects.orphans,
    multiparts: uploads.multiparts,
    lost: rows.lost,
    overdue,
    young: objects.young + uploads.young,
    foreign: objects.foreign,
  }
  if (!apply) return found
  refuseStrangers(found, objects.matched)
  for (const { key } of found.orphans) await deleteObject(key)
  for (const { key, uploadId } of found.multiparts) await abortMultipart(key, uploadId)
  for (const { id, key } of found.lost) {
    await db.$transaction((tx) =>
      removeFile(tx, sql`id = ${id}::uuid AND status = 'ready' AND object_key = ${key}`),
    )
  }
  for (const { key } of overdue) await destroyObject(key)
  return found
}

async function findOrphans(old: number) {
  const orphans: Reconciliation["orphans"] = []
  const seen = new Set<string>()
  let [count, matched, young, foreign] = [0, 0, 0, 0]
  for await (const batch of inBatches(listObjects(PREFIX))) {
    const known = await knownKeys(batch.map(({ key }) => key))
    for (const { key, size, lastModified } of batch) {
      count++
      seen.add(key)
      if (known.has(key)) matched++
      else if (!KEY.test(key)) foreign++
      else if (Number(lastModified) > old) young++
      else orphans.push({ key, size })
    }
  }
  return { orphans, seen, count, matched, young, foreign }
}

async function knownKeys(keys: string[]) {
  const rows = await db.object.findMany({ where: { key: { in: keys } }, select: { key: true } })
  return new Set(rows.map(({ key }) => key))
}

/** A row names one upload of its object; any other was begun and never told of. A doomed row's own job gives its upload up. */
async function findMultiparts(old: number) {
  const multiparts: Reconciliation["multiparts"] = []
  let young = 0
  for await (const batch of inBatches(listMultiparts(PREFIX))) {
    const rows = await db.object.findMany({
      where: { key: { in: batch.map(({ key }) => key) } },
      select: { key: true, uploadId: true },
    })
    const known = new Map(rows.map(({ key, uploadId }) => [key, uploadId]))
    for (const { key, uploadId, initiatedAt } of batch) {
      if (!KEY.test(key) || known.get(key) === uploadId) continue
      if (Number(initiatedAt) > old) young++
      else multiparts.push({ key, uploadId })
    }
  }
  return { multiparts, young }
}

async function findLost(seen: Set<string>) {
  const lost: LostFile[] = []
  let count = 0
  let after = ""
  for (;;) {
    const rows = await db.$queryRaw<(Omit<LostFile, "size"> & { size: bigint })[]>`
      SELECT file.id, file.name, file.size, member.email AS owner, object.key
      FROM object JOIN file ON file.object_key = object.key JOIN member ON member.id = file.owner_id
      WHERE object.key > ${after} AND object.state = 'live' AND file.deleted_at IS NULL
      ORDER BY object.key LIMIT ${BATCH}`
    count += rows.length
    for (const row of rows) {
      // It may have come, or been deleted, since the bucket was listed.
      if (!seen.has(row.key) && !(await headObject(row.key)) && (await isStillWanted(row))) {
        lost.push({ ...row, size: Number(row.size) })
      }
    }
    after = rows.at(-1)?.key ?? ""
    if (!after) return { lost, count }
  }
}

const isStillWanted = async ({ id, key }: { id: string; key: string }) =>
  (await db.file.count({ where: { id, objectKey: key, deletedAt: null } })) > 0

/** Their jobs were tried for days and gave up. */
const findOverdue = () => db.$queryRaw<{ key: string }[]>`
  SELECT key FROM object
  WHERE state = 'doomed' AND greatest(put_expires_at, doomed_at) < clock_timestamp() - interval '1 day'`

/** Nothing in common: then it is another installation's bucket or database, and all would be lost. */
function refuseStrangers({ objects, rows, foreign }: Reconciliation, matched: number) {
  if (matched > 0 || (objects - foreign === 0 && rows === 0)) return
  throw new Refusal(
    "conflict",
    `None of the ${objects - foreign} objects in the bucket belongs to this database, and none of its ${rows} files is in the bucket: this is not the bucket of this database, so nothing was changed.`,
  )
}

async function* inBatches<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item[]> {
  let batch: Item[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
