import { open, rm } from "node:fs/promises"
import { join } from "node:path"
import { uniqueName } from "./durable-files.ts"

/** A file that receives bytes before it becomes a blob or a part. */
export type TemporaryFile = {
  path: string
  /** Accepts a chunk. If it returns a promise, await it before the next chunk. */
  write: (chunk: Buffer) => Promise<void> | undefined
  /** Resolves when all bytes are on the disk. */
  finish: () => Promise<void>
  discard: () => Promise<void>
}

const BATCH_BYTES = 1024 ** 2
const BATCH_CHUNKS = 512
const SYNC_EVERY_BYTES = 256 * 1024 ** 2

/** Receives the number of bytes that were written. */
type Room = { wrote: (bytes: number) => void }

/** Creates a temporary file. It writes one batch while the next one is filled. */
async function openTemporaryFile(temporaries: string, room: Room): Promise<TemporaryFile> {
  const path = join(temporaries, uniqueName())
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
    writing.catch(() => {}) // the next flush or finish awaits it and then throws
  }
  const writeAll = async (buffers: Buffer[], bytes: number) => {
    const { bytesWritten } = await handle.writev(buffers)
    if (bytesWritten < bytes) await handle.writeFile(Buffer.concat(buffers).subarray(bytesWritten))
    room.wrote(bytes)
    unsyncedBytes += bytes
    if (unsyncedBytes < SYNC_EVERY_BYTES) return
    // Syncs during the upload, so that the last sync, which the client waits for, is short.
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

/** Runs `use` with a temporary file and discards the file if it throws. */
export async function withTemporaryFile<Result>(
  temporaries: string,
  room: Room,
  use: (temporary: TemporaryFile) => Promise<Result>,
) {
  const temporary = await openTemporaryFile(temporaries, room)
  try {
    return await use(temporary)
  } catch (error) {
    await temporary.discard()
    throw error
  }
}
