import { createHash } from "node:crypto"
import { readdirSync } from "node:fs"
import { unlink } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Tag } from "../requests/object-tags.ts"
import { S3Error } from "../s3-error.ts"
import { removeBlob } from "./blobs.ts"
import { readJson, replaceFile, syncDirectory } from "./files/durable-files.ts"
import type { SortedMap } from "./sorted-map.ts"
import {
  type Bucket,
  bucketPath,
  type Precondition,
  requireNotDeleted,
  type Store,
  type StoredObject,
} from "./store.ts"

type ObjectFile = StoredObject & { key: string }

/** The path of an object: the hash of its key, so that no key leaves the directory. */
function objectPath(store: Store, bucket: Bucket, key: string) {
  const hash = createHash("sha256").update(key).digest("hex")
  return join(bucketPath(store, bucket.name), "objects", hash.slice(0, 2), `${hash.slice(2)}.json`)
}

/**
 * Stores `object` under `key` and removes the blob of the object that it replaces. No other write
 * to this key can happen between the precondition and the replacement. Refuses a key that was
 * recently deleted.
 */
export function storeObject(
  store: Store,
  bucket: Bucket,
  key: string,
  object: StoredObject,
  requirePrecondition: Precondition,
) {
  return store.withLock(`object ${bucket.name}/${key}`, async () => {
    const previous = bucket.objects.get(key)
    requirePrecondition(previous)
    requireNotDeleted(store, bucket, key)
    const file: ObjectFile = { key, ...object }
    const path = objectPath(store, bucket, key)
    await replaceFile(path, JSON.stringify(file), store.temporaries)
    bucket.objects.set(key, object)
    if (previous?.blob) await removeBlob(store.blobs, previous.blob)
  })
}

/** Replaces only the tags of an object. Refuses with NoSuchKey if there is none. */
export function replaceTags(
  store: Store,
  bucket: Bucket,
  key: string,
  tags: Tag[],
  requirePrecondition: Precondition,
) {
  return store.withLock(`object ${bucket.name}/${key}`, async () => {
    const current = bucket.objects.get(key)
    if (!current) throw new S3Error("NoSuchKey", undefined, { Key: key })
    requirePrecondition(current)
    const object = { ...current, tags }
    const file: ObjectFile = { key, ...object }
    await replaceFile(objectPath(store, bucket, key), JSON.stringify(file), store.temporaries)
    bucket.objects.set(key, object)
  })
}

/** Removes an object, if there is one, and records the key; durable when this returns. */
export function removeObject(
  store: Store,
  bucket: Bucket,
  key: string,
  requirePrecondition: Precondition,
) {
  return store.withLock(`object ${bucket.name}/${key}`, async () => {
    const previous = bucket.objects.get(key)
    requirePrecondition(previous)
    await Promise.all([
      store.deletedKeys.add(bucket.name, key),
      previous && removeFiles(store, bucket, key, previous),
    ])
  })
}

async function removeFiles(store: Store, bucket: Bucket, key: string, { blob }: StoredObject) {
  const path = objectPath(store, bucket, key)
  await unlink(path)
  bucket.objects.delete(key)
  await syncDirectory(dirname(path))
  if (blob) await removeBlob(store.blobs, blob)
}

/**
 * Reads all objects of a bucket and returns the ids of the multipart uploads that they came from.
 * Synchronous, because that is faster for many small files.
 */
export function loadObjects(bucketDirectory: string, objects: SortedMap<StoredObject>) {
  const completed = new Set<string>()
  const entries: [string, StoredObject][] = []
  const directory = join(bucketDirectory, "objects")
  for (const shard of readdirSync(directory))
    for (const name of readdirSync(join(directory, shard))) {
      const { key, ...object }: ObjectFile = readJson(join(directory, shard, name))
      entries.push([key, object])
      if (object.uploadId) completed.add(object.uploadId)
    }
  objects.load(entries)
  return completed
}
