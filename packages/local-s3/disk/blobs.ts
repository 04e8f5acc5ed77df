import { link, mkdir, open, readdir, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { syncDirectory, uniqueName } from "./durable.ts"

/**
 * Immutable bytes under random names: `blobs/ab/abcd…` is a file, or for an object that was uploaded
 * in parts a directory of files `1`, `2`, …. Objects name their blob; a blob has one object.
 */
export type Blobs = {
  directory: string
  temporaries: string
  readers: Map<string, number>
  doomed: Set<string>
}

export async function openBlobs(directory: string, temporaries: string): Promise<Blobs> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  for (let shard = 0; shard < 256; shard++)
    await mkdir(join(directory, shard.toString(16).padStart(2, "0")), { recursive: true })
  await syncDirectory(directory)
  return { directory, temporaries, readers: new Map(), doomed: new Set() }
}

function shardOf(blobs: Blobs, blob: string) {
  return join(blobs.directory, blob.slice(0, 2))
}

export function blobPath(blobs: Blobs, blob: string, part?: number) {
  const path = join(shardOf(blobs, blob), blob)
  return part === undefined ? path : join(path, String(part))
}

/** Gives a finished temporary file a blob's name. The name is durable when this returns. */
export async function adoptBlob(blobs: Blobs, temporary: string) {
  const blob = uniqueName()
  await rename(temporary, blobPath(blobs, blob))
  await syncDirectory(shardOf(blobs, blob))
  return blob
}

/** A blob of several parts, each a hard link to a file that is already on the disk. */
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

/** The same bytes under a second name, without copying them. The source must be retained. */
export async function linkBlob(blobs: Blobs, source: string, parts: number | undefined) {
  if (parts !== undefined) {
    const paths = Array.from({ length: parts }, (_, index) => blobPath(blobs, source, index + 1))
    return linkParts(blobs, paths)
  }
  const temporary = join(blobs.temporaries, uniqueName())
  await link(blobPath(blobs, source), temporary)
  return adoptBlob(blobs, temporary)
}

/** Runs `read` while the blob's files stay, even if its object is deleted meanwhile. */
export async function withBlob<Result>(blobs: Blobs, blob: string, read: () => Promise<Result>) {
  blobs.readers.set(blob, (blobs.readers.get(blob) ?? 0) + 1)
  try {
    return await read()
  } finally {
    const left = (blobs.readers.get(blob) ?? 1) - 1
    if (left > 0) blobs.readers.set(blob, left)
    else {
      blobs.readers.delete(blob)
      if (blobs.doomed.delete(blob)) await removeFiles(blobs, blob)
    }
  }
}

/** Removes a blob that no object names any more; at once, or after its last reader. */
export async function removeBlob(blobs: Blobs, blob: string) {
  if (blobs.readers.has(blob)) blobs.doomed.add(blob)
  else await removeFiles(blobs, blob)
}

async function removeFiles(blobs: Blobs, blob: string) {
  await rm(blobPath(blobs, blob), { recursive: true, force: true })
}

/** At start: removes what a crash left behind between writing bytes and naming them. */
export async function removeUnnamedBlobs(blobs: Blobs, named: ReadonlySet<string>) {
  for (const shard of await readdir(blobs.directory))
    for (const blob of await readdir(join(blobs.directory, shard)))
      if (!named.has(blob)) await removeFiles(blobs, blob)
}

/** Bytes on their way to the disk. */
export type Draft = {
  path: string
  /** Takes a chunk; a promise means: wait before the next one. */
  write: (chunk: Buffer) => Promise<void> | undefined
  /** Everything is on the disk when this returns. */
  finish: () => Promise<void>
  discard: () => Promise<void>
}

const BATCH_BYTES = 1024 ** 2
const BATCH_CHUNKS = 512
const SYNC_EVERY_BYTES = 256 * 1024 ** 2

/** A new temporary file. One batch is written while the next one gathers. */
export async function openDraft(blobs: Blobs): Promise<Draft> {
  const path = join(blobs.temporaries, uniqueName())
  const handle = await open(path, "wx", 0o600)
  let batch: Buffer[] = []
  let batchBytes = 0
  let unsyncedBytes = 0
  let writing: Promise<void> = Promise.resolve()
  let syncing: Promise<void> = Promise.resolve()

  const flush = async () => {
    await writing
    const buffers = batch
    const bytes = batchBytes
    batch = []
    batchBytes = 0
    if (bytes === 0) return
    writing = writeAll(buffers, bytes)
    writing.catch(() => {}) // awaited, and so reported, by the next flush or by finish
  }
  const writeAll = async (buffers: Buffer[], bytes: number) => {
    const { bytesWritten } = await handle.writev(buffers)
    if (bytesWritten < bytes) await handle.writeFile(Buffer.concat(buffers).subarray(bytesWritten))
    unsyncedBytes += bytes
    if (unsyncedBytes < SYNC_EVERY_BYTES) return
    // Syncing as we go keeps the last sync, for which the client waits, short.
    await syncing
    unsyncedBytes = 0
    syncing = handle.datasync()
    syncing.catch(() => {})
  }

  return {
    path,
    write: (chunk) => {
      batch.push(chunk)
      batchBytes += chunk.length
      if (batchBytes >= BATCH_BYTES || batch.length >= BATCH_CHUNKS) return flush()
      return undefined
    },
    finish: async () => {
      await flush()
      await writing
      await syncing
      await handle.sync()
      await handle.close()
    },
    discard: async () => {
      await Promise.allSettled([writing, syncing])
      await handle.close().catch(() => {}) // it may be closed already
      await rm(path, { force: true })
    },
  }
}
