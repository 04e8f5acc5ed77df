import "server-only"
import { randomBytes } from "node:crypto"
import { anyColour } from "#lib/colours.ts"
import { db, sql } from "#lib/db.ts"
import { destroyObject } from "#lib/files/destroy-object.ts"
import type { ObjectKind } from "#lib/files/file.ts"
import { writeColour } from "#lib/files/write-colour.ts"
import { log } from "#lib/log.ts"
import { addJob } from "#lib/queue.ts"
import { copyObject, headObject, readColour } from "#lib/storage.ts"

const LEASE_SECONDS = 30
const RENEW_MS = 10_000
/** Above this a store may copy in parts, whose upload is aborted with the object. */
const PARTS_FROM_BYTES = 64 * 1024 ** 2

export type Rekeyed = {
  fileId: string
  kind: ObjectKind
  key: string
  size: number
  contentType: string
}

/**
 * Copies the object of a file or of its thumbnail to a new key, switches the file to it and deletes
 * the old object, so that no URL of it works. Before the switch commits the old object is the file's, afterwards the new
 * one. False: another process copies it, or the file was deleted or switched meanwhile.
 */
export async function rekeyFile(file: Rekeyed): Promise<boolean> {
  if (!(await lease(file.key))) return false
  const copy = await insertCopy(file)
  const renewal = setInterval(() => void renew(file.key, copy.key), RENEW_MS)
  try {
    await makeCopy(file, copy)
    const switched = await switchTo(file, copy.key)
    await destroyObject(switched ? file.key : copy.key)
    return switched
  } catch (error) {
    await doom(copy.key).catch((failure) =>
      log.warn({ error: failure }, "an unfinished copy is left to the sweep"),
    )
    throw error
  } finally {
    clearInterval(renewal)
    await release(file.key)
  }
}

const leaseEnd = sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}::int)`

async function lease(key: string) {
  const leased = await db.$executeRaw`
    UPDATE object SET copying_until = ${leaseEnd}
    WHERE key = ${key} AND state = 'live'
      AND (copying_until IS NULL OR copying_until < clock_timestamp())`
  return leased > 0
}

// The row of the copy says in put_expires_at until when it may still be written.
async function renew(from: string, to: string) {
  try {
    await db.$executeRaw`
      UPDATE object SET copying_until = ${leaseEnd} WHERE key = ${from} AND state = 'live'`
    await db.$executeRaw`
      UPDATE object SET put_expires_at = ${leaseEnd} WHERE key = ${to} AND state = 'uploading'`
  } catch (error) {
    log.warn({ error }, "the lease of a copy could not be renewed")
  }
}

const release = (key: string) =>
  db.object
    .updateMany({ where: { key }, data: { copyingUntil: null } })
    .catch((error) => log.warn({ error }, "the lease of a copy ends by itself"))

type NewCopy = { key: string; colour: string | null }

async function insertCopy({ fileId, kind, size, contentType }: Rekeyed): Promise<NewCopy> {
  const copy = { key: `o/${randomBytes(20).toString("hex")}`, colour: await anyColour() }
  const partSize = size > PARTS_FROM_BYTES ? size : null
  const isThumbnail = kind === "thumbnail"
  await db.$executeRaw`
    INSERT INTO object (key, file_id, kind, size, content_type, part_size, colour, put_expires_at)
    VALUES (${copy.key}, ${fileId}::uuid, ${kind}::object_kind, ${isThumbnail ? size : null}::bigint,
      ${isThumbnail ? contentType : null}, ${partSize}::bigint, ${copy.colour}, ${leaseEnd})`
  return copy
}

async function makeCopy(original: Rekeyed, { key: to, colour }: NewCopy) {
  const { kind, key, size, contentType } = original
  // Only a copy of a file's bytes is adopted after a restore.
  const fileId = kind === "file" ? original.fileId : null
  const source = await headObject(key)
  if (source?.size !== size) throw new Error("the object to copy is not as it was stored")
  await copyObject({ from: key, to, etag: source.etag, size, contentType, colour, fileId })
  const copied = await headObject(to)
  if (copied?.size !== size) throw new Error("the copy does not have the size of its source")
  if (colour) await makeSureOfColour(to, colour)
}

/** Ceph copies an object without the tags that the copy should have. */
async function makeSureOfColour(key: string, colour: string) {
  if ((await readColour(key)) === colour) return
  const written = await writeColour(key, colour)
  if (written !== "sure") throw new Error(`the colour of the copy is ${written}`)
}

/** The file's row is locked first, as in a delete, which wins. */
async function switchTo({ fileId, kind, key }: Rekeyed, to: string): Promise<boolean> {
  const column = kind === "file" ? sql`object_key` : sql`thumbnail_key`
  return db.$transaction(async (tx) => {
    const switched = await tx.$executeRaw`
      UPDATE file SET ${column} = ${to}
      WHERE id = ${fileId}::uuid AND ${column} = ${key} AND deleted_at IS NULL
        AND EXISTS (SELECT FROM object WHERE key = ${to} AND state = 'uploading')`
    const [live, doomed] = switched ? [to, key] : [null, to]
    if (live) {
      await tx.$executeRaw`
        UPDATE object SET state = 'live', live_since = clock_timestamp(),
          colour_since = clock_timestamp(), put_expires_at = clock_timestamp()
        WHERE key = ${live}`
    }
    await tx.$executeRaw`
      UPDATE object SET state = 'doomed', doomed_at = clock_timestamp()
      WHERE key = ${doomed} AND state <> 'doomed'`
    await addJob(tx, "destroyObject", { key: doomed })
    return switched > 0
  })
}

const doom = (key: string) =>
  db.$transaction(async (tx) => {
    const doomed = await tx.$executeRaw`
      UPDATE object SET state = 'doomed', doomed_at = clock_timestamp()
      WHERE key = ${key} AND state = 'uploading'`
    if (doomed) await addJob(tx, "destroyObject", { key })
  })
