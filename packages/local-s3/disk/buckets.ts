import { mkdir, rename } from "node:fs/promises"
import { join } from "node:path"
import type { CorsRule } from "../access/cors.ts"
import { S3Error } from "../s3-error.ts"
import {
  readJson,
  replaceFile,
  syncDirectory,
  uniqueName,
  writeSynced,
} from "./files/durable-files.ts"
import { loadUploads } from "./multipart-uploads.ts"
import { createSortedMap } from "./sorted-map.ts"
import { type Bucket, bucketPath, requireBucket, type Store, type StoredObject } from "./store.ts"
import { loadObjects } from "./stored-objects.ts"

type BucketFile = { createdAt: number; cors: CorsRule[] }

/** Adds an empty bucket. Refuses with BucketAlreadyOwnedByYou. */
export function addBucket(store: Store, name: string, now: Date) {
  return store.withLock(`bucket ${name}`, async () => {
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

export function replaceCors(store: Store, name: string, cors: CorsRule[]) {
  return store.withLock(`bucket ${name}`, async () => {
    const bucket = requireBucket(store, name)
    const file: BucketFile = { createdAt: bucket.createdAt, cors }
    const path = join(bucketPath(store, name), "bucket.json")
    await replaceFile(path, JSON.stringify(file), store.temporaries)
    bucket.cors = cors
  })
}

export async function loadBucket(store: Store, name: string): Promise<Bucket> {
  const path = bucketPath(store, name)
  const file: BucketFile = readJson(join(path, "bucket.json"))
  const objects = createSortedMap<StoredObject>()
  const completed = loadObjects(path, objects)
  const uploads = await loadUploads(path, completed)
  return { name, ...file, objects, uploads, completions: new Map() }
}
