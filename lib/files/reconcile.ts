import "server-only"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db, sql } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import {
  abortMultipart,
  deleteObject,
  findProbes,
  headObject,
  listMultiparts,
  listObjects,
  removeProbes,
  storeTime,
} from "#lib/storage.ts"
import { removeFile } from "./delete-file.ts"
import { destroyObject } from "./destroy-object.ts"
import { recordRemoved } from "./record-removed.ts"

const PREFIX = "o/"
/** The keys that Lapse makes; other keys below the prefix are not its own. */
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
  /** Multipart uploads without a row. */
  multiparts: { key: string; uploadId: string }[]
  /** Ready files whose object is missing. */
  lost: LostFile[]
  /** Objects whose deletion is overdue for more than a day. */
  overdue: { key: string }[]
  /** Objects and uploads that probes of the store left. */
  probes: number
  /** Skipped because they are younger than a day by the store's clock. */
  young: number
  /** Skipped because Lapse makes no such keys. */
  foreign: number
}

type Options = {
  apply: boolean
  /** Left out: the store's own time. */
  now?: Date
}

/**
 * Compares the bucket with the database, in both directions, and with `apply` deletes what only one
 * of them has. Safe while uploads run: it skips what is uploading or younger than a day, and a row
 * is inserted before its object is made. Refuses (conflict) to apply if nothing matches.
 */
export async function reconcile({ apply, now }: Options): Promise<Reconciliation> {
  const before = Number(now ?? (await storeTime())) - DAY_MS
  const objects = await findOrphans(before)
  const uploads = await findMultiparts(before)
  const rows = await findLost(objects.seen)
  const overdue = await findOverdue()
  const probes = await findProbes(now)
  const found: Reconciliation = {
    applied: apply,
    objects: objects.count,
    rows: rows.count,
    orphans: objects.orphans,
    multiparts: uploads.multiparts,
    lost: rows.lost,
    overdue,
    probes: probes.objects.length + probes.uploads.length,
    young: objects.young + uploads.young,
    foreign: objects.foreign,
  }
  if (!apply) return found
  refuseForeignBucket(found, objects.matched)
  const actId = await recordReconciliation(found)
  await removeProbes(probes)
  for (const { key } of found.orphans) await deleteObject(key)
  for (const { key, uploadId } of found.multiparts) await abortMultipart(key, uploadId)
  for (const { id, key } of found.lost) {
    await db.$transaction(async (tx) => {
      const which = sql`id = ${id}::uuid AND status = 'ready' AND object_key = ${key}`
      const file = await removeFile(tx, which)
      if (file) await recordRemoved(tx, "file.lose", file, actId)
    })
  }
  for (const { key } of overdue) await destroyObject(key)
  return found
}

// Before the store is touched: what it deletes is in no transaction. Probes are nothing to people.
async function recordReconciliation({ orphans, multiparts, lost, overdue }: Reconciliation) {
  const details = {
    objects: orphans.length + overdue.length,
    uploads: multiparts.length,
    files: lost.length,
  }
  if (Object.values(details).every((count) => count === 0)) return undefined
  const entry = { actorId: null, action: "storage.reconcile", details }
  return db.$transaction((tx) => recordAudit(tx, entry))
}

async function findOrphans(before: number) {
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
      else if (Number(lastModified) > before) young++
      else orphans.push({ key, size })
    }
  }
  return { orphans, seen, count, matched, young, foreign }
}

async function knownKeys(keys: string[]) {
  const rows = await db.object.findMany({ where: { key: { in: keys } }, select: { key: true } })
  return new Set(rows.map(({ key }) => key))
}

// A row names one upload of its object; any other was begun by a call that crashed. A doomed row's
// own job aborts its upload.
async function findMultiparts(before: number) {
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
      if (Number(initiatedAt) > before) young++
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
      // It may have been uploaded or deleted since the bucket was listed.
      if (!seen.has(row.key) && !(await headObject(row.key)) && (await isStillReferenced(row))) {
        lost.push({ ...row, size: Number(row.size) })
      }
    }
    after = rows.at(-1)?.key ?? ""
    if (!after) return { lost, count }
  }
}

const isStillReferenced = async ({ id, key }: { id: string; key: string }) =>
  (await db.file.count({ where: { id, objectKey: key, deletedAt: null } })) > 0

/** Their jobs failed for days and are no longer retried. */
const findOverdue = () => db.$queryRaw<{ key: string }[]>`
  SELECT key FROM object
  WHERE state = 'doomed' AND greatest(put_expires_at, doomed_at) < clock_timestamp() - interval '1 day'`

/**
 * Refuses a bucket and a database that share nothing: they belong to different installations, and
 * all would be lost.
 */
function refuseForeignBucket({ objects, rows, foreign }: Reconciliation, matched: number) {
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
