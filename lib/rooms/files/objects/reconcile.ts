import "server-only"
import { databaseTimeAgo } from "#lib/adapters/database/time.ts"
import { db, sql } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import {
  abortMultipart,
  findProbes,
  headObject,
  type ListedObject,
  listMultiparts,
  listObjects,
  removeProbes,
  storeTime,
} from "#lib/adapters/storage.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { removeFile } from "#lib/rooms/files/delete-file.ts"
import { isUnderLegalHold } from "#lib/rooms/files/retention/legal-hold.ts"
import { type Adoption, adoptCopy, deleteUnlessKnown, findCopies } from "./adopt-copies.ts"
import { destroyObject } from "./destroy-object.ts"
import { recordRemoved } from "./record-removed.ts"

const PREFIX = "o/"
/** The form of keys made by Lapse. Other keys below the prefix are foreign. */
const KEY = /^o\/[a-z0-9]{20,}$/
const BATCH = 500
const DAY_MS = 86_400_000

type LostFile = { id: string; name: string; size: number; owner: string; key: string }

export type Reconciliation = {
  applied: boolean
  objects: number
  rows: number
  /** Ready files whose object is missing, with the copy without a row that has their bytes. */
  adopted: (LostFile & Adoption)[]
  orphans: { key: string; size: number }[]
  /** Multipart uploads without a row. */
  multiparts: { key: string; uploadId: string }[]
  /** Ready files whose object is missing and that have no copy. */
  lost: LostFile[]
  /** Objects whose deletion has been overdue for more than a day. */
  overdue: { key: string }[]
  /** The number of objects and uploads that probes of the store left behind. */
  probes: number
  /** The number of objects skipped because they are younger than a day by the store's clock. */
  young: number
  /** The number of keys skipped because Lapse does not make such keys. */
  foreign: number
}

type Options = {
  apply: boolean
  /** The default is the store's own time. */
  now?: Date
}

/**
 * Compares the bucket and the database in both directions. With `apply` it adopts copies of files
 * whose object is missing, and deletes what exists on only one side. Safe while uploads are
 * running: it skips objects that are uploading or younger than a day, and a row is inserted before
 * its object is made. Refuses (conflict) to apply if nothing matches.
 */
export async function reconcile({ apply, now }: Options): Promise<Reconciliation> {
  const before = Number(now ?? (await storeTime())) - DAY_MS
  const objects = await findStrays()
  const uploads = await findMultiparts(before)
  const rows = await findLost(objects.seen)
  const copies = await findCopies(rows.lost, objects.strays)
  const isCopy = ({ key }: { key: string }) => copies.some(({ copy }) => copy === key)
  const strays = objects.strays.filter((stray) => !isCopy(stray))
  const isYoung = ({ lastModified }: ListedObject) => Number(lastModified) > before
  const overdue = await findOverdue()
  const probes = await findProbes(now)
  const found: Reconciliation = {
    applied: apply,
    objects: objects.count,
    rows: rows.count,
    adopted: copies,
    orphans: strays.filter((stray) => !isYoung(stray)).map(({ key, size }) => ({ key, size })),
    multiparts: uploads.multiparts,
    lost: rows.lost.filter(({ id }) => !copies.some((copy) => copy.id === id)),
    overdue,
    probes: probes.objects.length + probes.uploads.length,
    young: strays.filter(isYoung).length + uploads.young,
    foreign: objects.foreign,
  }
  if (!apply) return found
  refuseForeignBucket(found, objects.matched)
  const actId = await recordReconciliation(found)
  await removeProbes(probes)
  const adopted: Reconciliation["adopted"] = []
  for (const file of found.adopted) if (await adoptCopy(file)) adopted.push(file)
  for (const { key } of found.orphans) await deleteUnlessKnown(key)
  for (const { key, uploadId } of found.multiparts) await abortMultipart(key, uploadId)
  for (const { id, key } of found.lost) {
    await db.$transaction(async (tx) => {
      const which = sql`id = ${id}::uuid AND status = 'ready' AND object_key = ${key}
        AND NOT ${isUnderLegalHold}`
      const file = await removeFile(tx, which)
      if (file) await recordRemoved(tx, "file.lose", file, actId)
    })
  }
  for (const { key } of overdue) await destroyObject(key)
  return { ...found, adopted }
}

// Recorded before the store is changed, because deletions there are not part of a transaction.
// Probes are left out, because they do not concern users.
async function recordReconciliation(found: Reconciliation) {
  const { adopted, orphans, multiparts, lost, overdue } = found
  const details = {
    objects: orphans.length + overdue.length,
    uploads: multiparts.length,
    files: lost.length,
    adopted: adopted.length,
  }
  if (Object.values(details).every((count) => count === 0)) return undefined
  const entry = { actorId: null, action: "storage.reconcile", details }
  return db.$transaction((tx) => recordAudit(tx, entry))
}

/** Finds Lapse's objects without a row, and counts each other kind. */
async function findStrays() {
  const strays: ListedObject[] = []
  const seen = new Set<string>()
  let [count, matched, foreign] = [0, 0, 0]
  for await (const batch of inBatches(listObjects(PREFIX))) {
    const known = await knownKeys(batch.map(({ key }) => key))
    for (const object of batch) {
      count++
      seen.add(object.key)
      if (known.has(object.key)) matched++
      else if (!KEY.test(object.key)) foreign++
      else strays.push(object)
    }
  }
  return { strays, seen, count, matched, foreign }
}

async function knownKeys(keys: string[]) {
  const rows = await db.object.findMany({ where: { key: { in: keys } }, select: { key: true } })
  return new Set(rows.map(({ key }) => key))
}

// A row names one upload of its object. Any other was begun by a call that crashed. The job of a
// doomed row aborts the row's upload.
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
    const files = await db.file.findMany({
      where: { objectKey: { gt: after }, deletedAt: null, object: { state: "live" } },
      orderBy: { objectKey: "asc" },
      take: BATCH,
      select: {
        id: true,
        name: true,
        size: true,
        objectKey: true,
        owner: { select: { email: true } },
      },
    })
    count += files.length
    for (const { objectKey, size, owner, ...file } of files) {
      const key = objectKey ?? ""
      // It may have been uploaded or deleted since the bucket was listed.
      if (!seen.has(key) && !(await headObject(key)) && (await isStillReferenced(file.id, key))) {
        lost.push({ ...file, size: Number(size), owner: owner.email, key })
      }
    }
    after = files.at(-1)?.objectKey ?? ""
    if (!after) return { lost, count }
  }
}

const isStillReferenced = async (id: string, objectKey: string) =>
  (await db.file.count({ where: { id, objectKey, deletedAt: null } })) > 0

/** Finds objects whose jobs failed for days and are no longer retried. */
async function findOverdue() {
  const lt = await databaseTimeAgo(DAY_MS)
  return db.object.findMany({
    where: { state: "doomed", putExpiresAt: { lt }, doomedAt: { lt } },
    select: { key: true },
  })
}

/** Refuses a bucket that has nothing in common with the database: all would be deleted. */
function refuseForeignBucket({ objects, rows, foreign, adopted }: Reconciliation, matched: number) {
  if (matched > 0 || adopted.length > 0 || (objects - foreign === 0 && rows === 0)) return
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
