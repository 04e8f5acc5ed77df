import { link, mkdir, readdir, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { syncDirectory, uniqueName } from "./files/durable-files.ts"

/**
 * Immutable bytes under random names: `blobs/ab/abcd…` is a file, or, for an object that was
 * uploaded in parts, a directory of files `1`, `2`, …. An object names its blob, and no two objects
 * name the same one.
 */
export type Blobs = {
  directory: string
  temporaries: string
  /** The number of requests that read each blob. */
  readers: Map<string, number>
  removeAfterReading: Set<string>
}

export async function openBlobs(directory: string, temporaries: string): Promise<Blobs> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  for (let shard = 0; shard < 256; shard++)
    await mkdir(join(directory, shard.toString(16).padStart(2, "0")), { recursive: true })
  await syncDirectory(directory)
  return { directory, temporaries, readers: new Map(), removeAfterReading: new Set() }
}

function shardOf(blobs: Blobs, blob: string) {
  return join(blobs.directory, blob.slice(0, 2))
}

export function blobPath(blobs: Blobs, blob: string, part?: number) {
  const path = join(shardOf(blobs, blob), blob)
  return part === undefined ? path : join(path, String(part))
}

/** Turns a finished temporary file into a blob and returns its name. Both are durable by then. */
export async function commitBlob(blobs: Blobs, temporary: string) {
  const blob = uniqueName()
  await rename(temporary, blobPath(blobs, blob))
  await syncDirectory(shardOf(blobs, blob))
  return blob
}

/** Creates a blob of several parts, each a hard link to an existing file. */
export async function linkParts(blobs: Blobs, parts: string[]) {
  const blob = uniqueName()
  const temporary = join(blobs.temporaries, uniqueName())
  await mkdir(temporary)
  for (const [index, part] of parts.entries()) await link(part, join(temporary, String(index + 1)))
  await syncDirectory(temporary)
  await rename(temporary, blobPath(blobs, blob))
  await syncDirectory(shardOf(blobs, blob))
  return blob
}

/** Creates a second blob of the same bytes by hard links. Call it in `withBlob` of the source. */
export async function linkBlob(blobs: Blobs, source: string, parts: number | undefined) {
  if (parts !== undefined) {
    const paths = Array.from({ length: parts }, (_, index) => blobPath(blobs, source, index + 1))
    return linkParts(blobs, paths)
  }
  const temporary = join(blobs.temporaries, uniqueName())
  await link(blobPath(blobs, source), temporary)
  return commitBlob(blobs, temporary)
}

/** Runs `read` and keeps the blob's files until it has ended, even if the object is deleted. */
export async function withBlob<Result>(blobs: Blobs, blob: string, read: () => Promise<Result>) {
  blobs.readers.set(blob, (blobs.readers.get(blob) ?? 0) + 1)
  try {
    return await read()
  } finally {
    const left = (blobs.readers.get(blob) ?? 1) - 1
    if (left > 0) blobs.readers.set(blob, left)
    else {
      blobs.readers.delete(blob)
      if (blobs.removeAfterReading.delete(blob)) await removeFiles(blobs, blob)
    }
  }
}

/** Removes a blob that objects no longer name: at once, or after its last reader. */
export async function removeBlob(blobs: Blobs, blob: string) {
  if (blobs.readers.has(blob)) blobs.removeAfterReading.add(blob)
  else await removeFiles(blobs, blob)
}

async function removeFiles(blobs: Blobs, blob: string) {
  await rm(blobPath(blobs, blob), { recursive: true, force: true })
}

/** Removes, at start, blobs that a crash left before an object named them. */
export async function removeUnreferencedBlobs(blobs: Blobs, referenced: ReadonlySet<string>) {
  for (const shard of await readdir(blobs.directory))
    for (const blob of await readdir(join(blobs.directory, shard)))
      if (!referenced.has(blob)) await removeFiles(blobs, blob)
}
