import "server-only"
import { randomBytes } from "node:crypto"
import { db, sql } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import {
  addTags,
  copyObject,
  headObject,
  MAX_TAGS,
  type ObjectTags,
  readOtherTags,
  readTags,
} from "#lib/adapters/storage.ts"
import type { ObjectKind } from "#lib/rooms/files/file.ts"
import { anyColour } from "#lib/rooms/files/objects/colours.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { doomObjects } from "#lib/rooms/files/objects/doom-objects.ts"

const LEASE_SECONDS = 30
const RENEW_MS = 10_000
/** Above this size a store may copy in parts, by an upload that is aborted with the object. */
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
 * the old object, so that no URL of it works. The file has the old object until the switch commits,
 * and then the new one. Returns false if another process is copying it, or if the file was deleted
 * or switched meanwhile.
 */
export async function rekeyFile(file: Rekeyed): Promise<boolean> {
  if (!(await lease(file.key))) return false
  try {
    return await copyLeased(file)
  } finally {
    await release(file.key)
  }
}

async function copyLeased(file: Rekeyed) {
  const copy = await insertCopy(file)
  const renewal = setInterval(() => void renew(file.key, copy.key), RENEW_MS)
  try {
    await makeCopy(file, copy)
    const switched = await switchTo(file, copy.key)
    await destroyObject(switched ? file.key : copy.key)
    return switched
  } catch (error) {
    if (await doomCopy(copy.key)) throw error
    // The file and the copy were deleted meanwhile, so that the embedded store refuses the copy.
    return false
  } finally {
    clearInterval(renewal)
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

// Extends put_expires_at, the time until which the copy may still be written, in the copy's row.
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
    .catch((error) =>
      log.warn({ error }, "the lease of a copy could not be ended and expires by itself"),
    )

type NewCopy = { key: string; tags: ObjectTags }

/** The copy keeps other programs' tags; if they leave no room for a colour, the app signs. */
async function insertCopy({ fileId, kind, key, size, contentType }: Rekeyed): Promise<NewCopy> {
  const others = await readOtherTags(key)
  const colour = others.length < MAX_TAGS ? await anyColour() : null
  const copy = { key: `o/${randomBytes(20).toString("hex")}`, tags: { colour, others } }
  const partSize = size > PARTS_FROM_BYTES ? size : null
  const isThumbnail = kind === "thumbnail"
  await db.$executeRaw`
    INSERT INTO object (key, file_id, kind, size, content_type, part_size, colour, put_expires_at)
    VALUES (${copy.key}, ${fileId}::uuid, ${kind}::object_kind, ${isThumbnail ? size : null}::bigint,
      ${isThumbnail ? contentType : null}, ${partSize}::bigint, ${colour}, ${leaseEnd})`
  return copy
}

async function makeCopy(original: Rekeyed, { key: to, tags }: NewCopy) {
  const { kind, key, size, contentType } = original
  // Only a copy of a file's bytes is adopted after a restore.
  const fileId = kind === "file" ? original.fileId : null
  const source = await headObject(key)
  if (source?.size !== size) throw new Error("the object to copy is not as it was stored")
  const { colour, others: otherTags } = tags
  await copyObject({ from: key, to, size, contentType, colour, otherTags, fileId })
  const copied = await headObject(to)
  if (copied?.size !== size) throw new Error("the copy does not have the size of its source")
  await makeSureOfTags(to, tags)
}

/** Writes the tags of the copy if they are missing, because Ceph copies an object without them. */
async function makeSureOfTags(key: string, tags: ObjectTags) {
  const { colour, others } = tags
  if (colour === null && others.length === 0) return // the store may not support tags
  if (await hasTags(key, tags)) return
  const written = await addTags(key, tags)
  const isSure = written === "written" || (written === "unsure" && (await hasTags(key, tags)))
  if (!isSure) throw new Error(`the tags of the copy are ${written}`)
}

async function hasTags(key: string, { colour, others }: ObjectTags) {
  const found = await readTags(key)
  const has = (name: string, value: string) =>
    found?.others.some((other) => other.name === name && other.value === value)
  return found?.colour === colour && others.every(({ name, value }) => has(name, value))
}

/** Locks the file's row first, as a delete does, so that a simultaneous delete takes precedence. */
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
    await doomObjects(tx, { key: doomed })
    return switched > 0
  })
}

/** Marks the copy for deletion. Returns false if it was already marked. */
async function doomCopy(key: string): Promise<boolean> {
  try {
    const doomed = await db.$transaction((tx) => doomObjects(tx, { key, state: "uploading" }))
    return doomed.length > 0
  } catch (error) {
    log.warn({ error }, "an unfinished copy is left to the sweep")
    return true
  }
}

/**
 * Copies a live object of a file to another key. Does nothing if the object was deleted or copied
 * meanwhile, or if another process is copying it.
 */
export async function rekeyObject(key: string): Promise<void> {
  const [object] = await db.$queryRaw<(Omit<Rekeyed, "size"> & { size: bigint })[]>`
    SELECT o.key, o.file_id AS "fileId", o.kind, coalesce(o.size, f.size) AS size,
      coalesce(o.content_type, f.content_type) AS "contentType"
    FROM object o JOIN file f ON f.id = o.file_id
    WHERE o.key = ${key} AND o.state = 'live' AND f.deleted_at IS NULL`
  if (object) await rekeyFile({ ...object, size: Number(object.size) })
}
