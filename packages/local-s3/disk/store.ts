import { mkdir, readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { type Blobs, openBlobs, removeUnnamedBlobs } from "./blobs.ts"
import { type Bucket, loadBucket } from "./buckets.ts"
import { createSerially, type Serially } from "./serially.ts"

/**
 * Everything under one directory:
 *   blobs/<ab>/<blob>                            immutable bytes
 *   buckets/<bucket>/bucket.json                 the bucket itself, with its CORS rules
 *   buckets/<bucket>/objects/<ab>/<hash>.json    one object, by the SHA-256 of its key
 *   buckets/<bucket>/uploads/<id>/               a multipart upload and its parts
 *   tmp/                                         whatever is not finished
 * Every change becomes real by one rename, so a crash leaves the old or the new. What is listed is
 * kept in memory and read once at start. One process per directory.
 */
export type Store = {
  directory: string
  temporaries: string
  blobs: Blobs
  buckets: Map<string, Bucket>
  serially: Serially
}

/** Opens a directory, making it if there is none, and removes what a crash left unfinished. */
export async function openStore(directory: string): Promise<Store> {
  const temporaries = join(directory, "tmp")
  await rm(temporaries, { recursive: true, force: true })
  await mkdir(temporaries, { recursive: true, mode: 0o700 })
  await mkdir(join(directory, "buckets"), { recursive: true, mode: 0o700 })

  const blobs = await openBlobs(join(directory, "blobs"), temporaries)
  const store: Store = {
    directory,
    temporaries,
    blobs,
    buckets: new Map(),
    serially: createSerially(),
  }
  for (const name of await readdir(join(directory, "buckets")))
    store.buckets.set(name, await loadBucket(store, name))

  const named = new Set<string>()
  for (const bucket of store.buckets.values())
    for (let i = 0; i < bucket.objects.size; i++) {
      const entry = bucket.objects.at(i)
      if (entry?.[1].blob) named.add(entry[1].blob)
    }
  await removeUnnamedBlobs(blobs, named)
  return store
}
