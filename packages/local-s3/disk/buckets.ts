import { mkdir, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import type { CorsRule } from "../cors.ts"
import { S3Error } from "../s3-error.ts"
import { readJson, replaceFile, syncDirectory, uniqueName, writeSynced } from "./durable.ts"
import { loadObjects, type StoredObject } from "./objects.ts"
import { createSortedMap, type SortedMap } from "./sorted-map.ts"
import type { Store } from "./store.ts"
import { loadUploads, type Upload } from "./uploads.ts"

export type Bucket = {
  name: string
  createdAt: number
  cors: CorsRule[]
  objects: SortedMap<StoredObject>
  uploads: Map<string, Upload>
  /** Writes on their way; a bucket with one is not empty. */
  pendingWrites: number
}

type BucketFile = { createdAt: number; cors: CorsRule[] }

export function bucketPath(store: Store, name: string) {
  return join(store.directory, "buckets", name)
}

export function requireBucket(store: Store, name: string): Bucket {
  const bucket = store.buckets.get(name)
  if (!bucket) throw new S3Error("NoSuchBucket", undefined, { BucketName: name })
  return bucket
}

/** Makes an empty bucket. Refuses with BucketAlreadyOwnedByYou. */
export function createBucket(store: Store, name: string, now: Date) {
  return store.serially(`bucket ${name}`, async () => {
    if (store.buckets.has(name))
      throw new S3Error("BucketAlreadyOwnedByYou", undefined, { BucketName: name })
    const temporary = join(store.temporaries, uniqueName())
    await mkdir(join(temporary, "objects"), { recursive: true, mode: 0o700 })
    await mkdir(join(temporary, "uploads"))
    for (let shard = 0; shard < 256; shard++)
      await mkdir(join(temporary, "objects", shard.toString(16).padStart(2, "0")))
    const file: BucketFile = { createdAt: now.getTime(), cors: [] }
    await writeSynced(join(temporary, "bucket.json"), JSON.stringify(file))
    await syncDirectory(join(temporary, "objects"))
    await syncDirectory(temporary)
    await rename(temporary, bucketPath(store, name))
    await syncDirectory(join(store.directory, "buckets"))
    store.buckets.set(name, await loadBucket(store, name))
  })
}

/** Refuses with BucketNotEmpty while it has an object; unfinished uploads go with it. */
export function deleteBucket(store: Store, name: string) {
  return store.serially(`bucket ${name}`, async () => {
    const bucket = requireBucket(store, name)
    if (bucket.objects.size > 0 || bucket.pendingWrites > 0)
      throw new S3Error("BucketNotEmpty", undefined, { BucketName: name })
    store.buckets.delete(name)
    const temporary = join(store.temporaries, uniqueName())
    await rename(bucketPath(store, name), temporary)
    await syncDirectory(join(store.directory, "buckets"))
    await rm(temporary, { recursive: true, force: true })
  })
}

export function setCors(store: Store, name: string, cors: CorsRule[]) {
  return store.serially(`bucket ${name}`, async () => {
    const bucket = requireBucket(store, name)
    const file: BucketFile = { createdAt: bucket.createdAt, cors }
    const path = join(bucketPath(store, name), "bucket.json")
    await replaceFile(path, JSON.stringify(file), store.temporaries)
    bucket.cors = cors
  })
}

/**
 * Runs a write that ends in this bucket. Its name and its emptiness hold meanwhile; refuses with
 * NoSuchBucket if it was deleted since the request began.
 */
export async function writeInto<Result>(
  store: Store,
  bucket: Bucket,
  write: () => Promise<Result>,
) {
  if (store.buckets.get(bucket.name) !== bucket)
    throw new S3Error("NoSuchBucket", undefined, { BucketName: bucket.name })
  bucket.pendingWrites++
  try {
    return await write()
  } finally {
    bucket.pendingWrites--
  }
}

export async function loadBucket(store: Store, name: string): Promise<Bucket> {
  const path = bucketPath(store, name)
  const file: BucketFile = readJson(join(path, "bucket.json"))
  const objects = createSortedMap<StoredObject>()
  const completed = loadObjects(path, objects)
  const uploads = await loadUploads(path, completed)
  return { name, ...file, objects, uploads, pendingWrites: 0 }
}
