import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { batchesOf } from "#lib/adapters/database/batch-by-batch.ts"
import { db, type Tx } from "#lib/adapters/database.ts"
import { deleteObject, headObject, type ListedObject, readColour } from "#lib/adapters/storage.ts"
import { doomObjects } from "./doom-objects.ts"

const HEADS_AT_ONCE = 16
/** Advisory locks of this class: a key without a row is either adopted or deleted. */
const LOCK_CLASS = 720_354_002

/** A file, and the key in its row, whose object is missing. */
type Missing = { id: string; key: string }

export type Adoption = {
  copy: string
}

/**
 * Finds the copies that a cut off made of files whose object is missing. A restored older database
 * does not know these copies, or not that they were finished. Only copies with the file's size
 * count; if there are several, the newest.
 */
export async function findCopies<File extends Missing & { size: number }>(
  lost: File[],
  strays: ListedObject[],
): Promise<(File & Adoption)[]> {
  if (lost.length === 0) return []
  const found = new Map<string, ListedObject[]>()
  const add = (fileId: string, object: ListedObject) =>
    found.set(fileId, [...(found.get(fileId) ?? []), object])
  for (const batch of batchesOf(strays, HEADS_AT_ONCE)) {
    const heads = await Promise.all(batch.map(({ key }) => headObject(key)))
    batch.forEach((stray, index) => {
      const fileId = heads[index]?.fileId
      if (fileId) add(fileId, stray)
    })
  }
  for (const { fileId, ...object } of await unfinishedCopies(lost)) add(fileId, object)
  return lost.flatMap((file) => {
    const copies = (found.get(file.id) ?? []).filter(({ size }) => size === file.size)
    const [newest] = copies.sort((a, b) => Number(b.lastModified) - Number(a.lastModified))
    return newest ? [{ ...file, copy: newest.key }] : []
  })
}

/** Finds copies that have a row, in a database restored to the moment when they were made. */
async function unfinishedCopies(lost: Missing[]) {
  const rows = await db.object.findMany({
    where: { fileId: { in: lost.map(({ id }) => id) }, kind: "file", state: "uploading" },
    select: { key: true, fileId: true, createdAt: true },
  })
  const copies: (ListedObject & { fileId: string })[] = []
  for (const { key, fileId, createdAt } of rows) {
    const head = await headObject(key)
    if (head) copies.push({ key, fileId, size: head.size, lastModified: createdAt })
  }
  return copies
}

/**
 * Makes a copy the object of its file, in one transaction. Returns false and changes nothing if the
 * file's own object exists, the copy is incomplete, or the file was deleted or switched meanwhile.
 */
export async function adoptCopy({ id, key, copy }: Missing & Adoption): Promise<boolean> {
  const [own, found] = await Promise.all([headObject(key), headObject(copy)])
  if (own || !found) return false
  const colour = await colourOf(copy)
  return db.$transaction(async (tx) => {
    await lockKey(tx, copy)
    const [file] = await tx.$queryRaw<{ size: bigint }[]>`
      SELECT size FROM file
      WHERE id = ${id}::uuid AND object_key = ${key} AND status = 'ready' AND deleted_at IS NULL
      FOR UPDATE`
    if (file?.size !== BigInt(found.size)) return false
    if (!(await insertLive(tx, { id, copy, colour }))) return false
    await tx.file.update({ where: { id }, data: { objectKey: copy }, select: { id: true } })
    await doomObjects(tx, { key })
    return true
  })
}

// The colour may have signed URLs that no row records. Until they have expired, a cut off copies
// the object instead of recolouring it.
async function insertLive(tx: Tx, { id, copy, colour }: Adopted) {
  const inserted = await tx.$executeRaw`
    INSERT INTO object (key, file_id, state, live_since, put_expires_at, colour, colour_since,
      left_colours)
    VALUES (${copy}, ${id}::uuid, 'live', clock_timestamp(), clock_timestamp(), ${colour},
      clock_timestamp(), jsonb_build_object('', clock_timestamp()))
    ON CONFLICT (key) DO UPDATE SET state = 'live', live_since = excluded.live_since,
      put_expires_at = excluded.put_expires_at, colour = excluded.colour,
      colour_since = excluded.colour_since, left_colours = excluded.left_colours
    WHERE object.state = 'uploading' AND object.file_id = excluded.file_id`
  return inserted > 0
}

type Adopted = { id: string; copy: string; colour: string | null }

/** Returns the object's colour if there is a key for it; else null: the app's key signs. */
async function colourOf(key: string) {
  const colours = (configuration.S3_SIGNERS ?? []).map(({ colour }) => colour)
  const colour = colours.length > 0 ? await readColour(key) : null
  return colour !== null && colours.includes(colour) ? colour : null
}

/** Deletes an object, unless it has been adopted meanwhile. */
export async function deleteUnlessKnown(key: string): Promise<void> {
  await db.$transaction(
    async (tx) => {
      await lockKey(tx, key)
      if ((await tx.object.count({ where: { key } })) === 0) await deleteObject(key)
    },
    { timeout: 30_000 },
  )
}

const lockKey = (tx: Tx, key: string) =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK_CLASS}::int, hashtext(${key}))`
