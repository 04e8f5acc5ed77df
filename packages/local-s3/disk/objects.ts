import { createHash } from "node:crypto"
import { readdirSync } from "node:fs"
import { unlink } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Checksum } from "../checksums.ts"
import { removeBlob } from "./blobs.ts"
import { type Bucket, bucketPath, writeInto } from "./buckets.ts"
import { readJson, replaceFile, syncDirectory } from "./durable.ts"
import type { SortedMap } from "./sorted-map.ts"
import type { Store } from "./store.ts"

/** One part of an object that was uploaded in parts; `md5` is hex. */
export type ObjectPart = { size: number; md5: string; checksum?: Checksum }

/** An object: everything S3 tells about it, and the blob that has its bytes (none if empty). */
export type StoredObject = {
  size: number
  etag: string
  lastModified: number
  blob: string | null
  parts?: ObjectPart[]
  checksum?: Checksum
  /** Content-Type and the like, by lower-case name. */
  headers: Record<string, string>
  metadata: Record<string, string>
  /** The multipart upload it came from, so that a crash cannot leave that upload open too. */
  uploadId?: string
}

type ObjectFile = StoredObject & { key: string }

/** Keys never become paths: their hashes do, so no key can leave the directory or hide another. */
function objectPath(store: Store, bucket: Bucket, key: string) {
  const hash = createHash("sha256").update(key).digest("hex")
  return join(bucketPath(store, bucket.name), "objects", hash.slice(0, 2), `${hash.slice(2)}.json`)
}

/**
 * Makes `object` the one under `key` and removes the blob of the one before. `check` sees the current
 * object and may refuse; between it and the switch no other write of this key can come.
 */
export function putObject(
  store: Store,
  bucket: Bucket,
  key: string,
  object: StoredObject,
  check: (current: StoredObject | undefined) => void,
) {
  return store.serially(`object ${bucket.name}/${key}`, () =>
    writeInto(store, bucket, async () => {
      const previous = bucket.objects.get(key)
      check(previous)
      const file: ObjectFile = { key, ...object }
      const path = objectPath(store, bucket, key)
      await replaceFile(path, JSON.stringify(file), store.temporaries)
      bucket.objects.set(key, object)
      if (previous?.blob) await removeBlob(store.blobs, previous.blob)
    }),
  )
}

/** Forgets an object; there need not be one. It is gone for good when this returns. */
export function deleteObject(
  store: Store,
  bucket: Bucket,
  key: string,
  check: (current: StoredObject | undefined) => void,
) {
  return store.serially(`object ${bucket.name}/${key}`, () =>
    writeInto(store, bucket, async () => {
      const previous = bucket.objects.get(key)
      check(previous)
      if (!previous) return
      const path = objectPath(store, bucket, key)
      await unlink(path)
      bucket.objects.delete(key)
      await syncDirectory(dirname(path))
      if (previous.blob) await removeBlob(store.blobs, previous.blob)
    }),
  )
}

/** Reads all objects of a bucket; answers the uploads they came from. Synchronous, as it is faster. */
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
