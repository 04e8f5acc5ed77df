import { createHash } from "node:crypto"
import { type FileHandle, mkdir, open, readdir, readFile, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { syncDirectory } from "./files/durable-files.ts"

/** The recently deleted keys, including those that had no object. */
export type DeletedKeys = {
  has: (bucket: string, key: string) => boolean
  /**
   * Remembers a key at once. The promise resolves when it is on the disk, except on a full disk: a
   * deletion must not fail for lack of space, so the key is then written with a later one.
   */
  add: (bucket: string, key: string) => Promise<void>
  close: () => Promise<void>
}

type Options = {
  /** How long a key is remembered, in milliseconds; 0 disables it. */
  keepMs: number
  now: () => Date
}

type Batch = { lines: string[]; written: Promise<void> }
type KeyFile = { name: string; lastAt: number }

const NONE: DeletedKeys = { has: () => false, add: async () => {}, close: async () => {} }

/** Matches the time and the hash of a key, but not a line that a crash or full disk cut short. */
const LINE = /^\d{13} [\w-]{22}$/
const HASH_AT = 14

/**
 * Opens the record of deleted keys. Each deletion is a line of 37 bytes in a file. A file takes
 * lines for half of `keepMs`, and is removed when its last line is too old. Simultaneous deletions
 * share one sync.
 */
export async function openDeletedKeys(
  directory: string,
  { keepMs, now }: Options,
): Promise<DeletedKeys> {
  if (keepMs === 0) return NONE
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await syncDirectory(dirname(directory))
  const oldest = () => now().getTime() - keepMs
  // Sorted by the time of the deletion, oldest first.
  const deletedAt = new Map<string, number>()
  let files = await load(directory, (hash, at) => remember(deletedAt, hash, at))
  let current: { handle: FileHandle; openedAt: number; file: KeyFile } | null = null
  let next: Batch | null = null
  let last: Promise<void> = Promise.resolve()
  let unwritten: string[] = []

  const forget = () => {
    const before = oldest()
    for (const [hash, at] of deletedAt) {
      if (at > before) return
      deletedAt.delete(hash)
    }
  }

  const startFile = async (at: number) => {
    await current?.handle.close()
    current = null
    const file = { name: String(at), lastAt: at }
    const handle = await open(join(directory, file.name), "a", 0o600)
    current = { handle, openedAt: at, file }
    files = await removeBefore(directory, [...files, file], oldest())
    await syncDirectory(directory)
    return current
  }

  const write = async (lines: string[]) => {
    const at = now().getTime()
    const isOld = !current || Math.abs(at - current.openedAt) > keepMs / 2
    const { handle, file } = current && !isOld ? current : await startFile(at)
    await handle.appendFile(lines.join(""))
    await handle.datasync()
    file.lastAt = Math.max(file.lastAt, at)
  }

  const flush = async (lines: string[]) => {
    const all = [...unwritten, ...lines]
    unwritten = []
    await write(all).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOSPC" && error.code !== "EDQUOT") throw error
      unwritten = all
    })
  }

  const beginBatch = (): Batch => {
    const lines: string[] = []
    const written = last.then(() => {
      next = null
      return flush(lines)
    })
    last = written.catch(() => {}) // those who wait for the batch get the error
    return { lines, written }
  }

  forget()
  return {
    has: (bucket, key) => (deletedAt.get(hashOf(bucket, key)) ?? 0) > oldest(),
    add: (bucket, key) => {
      const hash = hashOf(bucket, key)
      const at = now().getTime()
      forget()
      remember(deletedAt, hash, at)
      next ??= beginBatch()
      next.lines.push(`\n${at} ${hash}`)
      return next.written
    },
    close: async () => {
      await last
      await current?.handle.close()
    },
  }
}

/** Remembers a key. If a key is deleted again, its time starts again. */
function remember(deletedAt: Map<string, number>, hash: string, at: number) {
  deletedAt.delete(hash)
  deletedAt.set(hash, at)
}

const hashOf = (bucket: string, key: string) =>
  createHash("sha256").update(`${bucket}\0${key}`).digest().toString("base64url", 0, 16)

async function load(directory: string, remember: (hash: string, at: number) => void) {
  const files: KeyFile[] = []
  for (const name of (await readdir(directory)).sort()) {
    const bytes = await readFile(join(directory, name))
    let lastAt = 0
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf("\n", start)
      const end = newline === -1 ? bytes.length : newline
      if (LINE.test(bytes.toString("latin1", start, end))) {
        lastAt = Number(bytes.toString("latin1", start, start + HASH_AT))
        remember(bytes.toString("latin1", start + HASH_AT, end), lastAt)
      }
      start = end + 1
    }
    files.push({ name, lastAt })
  }
  return files
}

async function removeBefore(directory: string, files: KeyFile[], before: number) {
  const old = files.filter(({ lastAt }) => lastAt <= before)
  for (const { name } of old) await rm(join(directory, name), { force: true })
  return files.filter((file) => !old.includes(file))
}
