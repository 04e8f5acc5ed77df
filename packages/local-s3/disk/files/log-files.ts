import { constants } from "node:fs"
import { type FileHandle, mkdir, open, readdir, rm, stat } from "node:fs/promises"
import { join } from "node:path"

export type LogFiles = {
  /**
   * Appends complete lines. If it throws, call it again with a text that begins with the same
   * lines: the bytes that were already written are overwritten.
   */
  append: (lines: string) => Promise<void>
  /** Syncs the appended lines. */
  close: () => Promise<void>
}

type Options = {
  directory: string
  /** The maximum bytes of all files together. */
  maxBytes: number
  /** The maximum bytes of one file, and of one call of `append`. */
  maxFileBytes: number
}

type Current = { number: number; handle: FileHandle; size: number; isTorn: boolean }

const NAME = /^access-(\d{6,})\.jsonl$/

/**
 * Writes lines into numbered files of one directory: `access-000001.jsonl`, `access-000002.jsonl`
 * and so on. Lines go into the file with the highest number; the oldest files are removed. A file
 * is never renamed, and its content up to the last newline never changes.
 */
export function createLogFiles({ directory, maxBytes, maxFileBytes }: Options): LogFiles {
  let current: Current | null = null

  const close = async () => {
    const handle = current?.handle
    current = null
    await handle?.datasync().finally(() => handle.close())
  }

  /** Returns the file for the next lines. One that ends within a line is continued anyway. */
  const fileFor = async (bytes: number) => {
    const numbers = (await listFiles(directory)).map(({ number }) => number)
    if (current && !numbers.includes(current.number)) await close() // someone removed the file
    current ??= await openFile(directory, numbers.at(-1) ?? 1)
    if (current.isTorn || current.size === 0 || current.size + bytes <= maxFileBytes) return current
    const next = await openFile(directory, current.number + 1)
    await close()
    current = next
    return next
  }

  const append = async (lines: string) => {
    const bytes = Buffer.from(lines)
    const file = await fileFor(bytes.length)
    await removeOldest(directory, maxBytes - file.size - bytes.length, file.number)
    file.isTorn = true
    await writeAt(file, bytes)
    file.isTorn = false
    file.size += bytes.length
  }
  return { append, close }
}

/** Opens a file at the end of its last complete line: a crash may have left half of another. */
async function openFile(directory: string, number: number): Promise<Current> {
  const flags = constants.O_RDWR | constants.O_CREAT
  const handle = await open(pathOf(directory, number), flags, 0o600)
  try {
    const size = (await handle.readFile()).lastIndexOf("\n") + 1
    await handle.truncate(size)
    return { number, handle, size, isTorn: false }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function writeAt({ handle, size }: Current, bytes: Buffer) {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, undefined, size + written)
    written += bytesWritten
  }
}

/** Removes the oldest files until the others have at most `maxBytes`. */
async function removeOldest(directory: string, maxBytes: number, current: number) {
  const others = (await listFiles(directory)).filter(({ number }) => number !== current)
  let total = others.reduce((sum, { size }) => sum + size, 0)
  for (const { number, size } of others) {
    if (total <= maxBytes) return
    await rm(pathOf(directory, number), { force: true })
    total -= size
  }
}

/** Lists the files, oldest first. */
async function listFiles(directory: string) {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const files: { number: number; size: number }[] = []
  for (const name of await readdir(directory)) {
    const number = Number(NAME.exec(name)?.[1])
    if (number > 0) files.push({ number, size: (await stat(join(directory, name))).size })
  }
  return files.sort((a, b) => a.number - b.number)
}

function pathOf(directory: string, number: number) {
  return join(directory, `access-${String(number).padStart(6, "0")}.jsonl`)
}
