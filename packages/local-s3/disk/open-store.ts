import { mkdir, readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { openBlobs, removeUnreferencedBlobs } from "./blobs.ts"
import { loadBucket } from "./buckets.ts"
import { openDeletedKeys } from "./deleted-keys.ts"
import { createKeyedLock } from "./keyed-lock.ts"
import type { Store } from "./store.ts"

type Options = {
  /** How long writes under a deleted key are refused; 0 turns this off. */
  deletedKeyMs: number
  now: () => Date
}

/** Opens a directory, or creates it, and removes unfinished files that a crash left. */
export async function openStore(directory: string, { deletedKeyMs, now }: Options): Promise<Store> {
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
    deletedKeys: await openDeletedKeys(join(directory, "deleted"), { keepMs: deletedKeyMs, now }),
    withLock: createKeyedLock(),
  }
  for (const name of await readdir(join(directory, "buckets")))
    store.buckets.set(name, await loadBucket(store, name))

  const referenced = new Set<string>()
  for (const bucket of store.buckets.values())
    for (let i = 0; i < bucket.objects.size; i++) {
      const entry = bucket.objects.at(i)
      if (entry?.[1].blob) referenced.add(entry[1].blob)
    }
  await removeUnreferencedBlobs(blobs, referenced)
  return store
}
