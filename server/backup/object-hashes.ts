import fs from "node:fs"
import path from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import {
  type Entry,
  hasCode,
  hashFile,
  lineOf,
  readEntries,
  UNHASHED,
  UNREADABLE,
} from "./contents.ts"

const KEPT = "object-hashes.txt"
/** Their names are random and their bytes never change. */
const BYTES = /^objects\/(blobs|buckets\/[^/]+\/uploads)\//

/** Whether a file of a backup holds bytes of an object. */
export const isOfObject = (name: string) => BYTES.test(name)

export type ObjectHashes = {
  /**
   * The entry of a file of an object in the backup, without a hash where the disk cannot read it. To
   * be called in the order of the names.
   */
  entryOf: (name: string) => Promise<Entry>
}

/**
 * The hashes of objects. A file is hashed for the first backup that has it, as it is in the data
 * directory, and later backups take that hash over: what is altered afterwards, there or in a
 * backup, differs from it.
 */
export function openObjectHashes(dataDirectory: string, backup: string): ObjectHashes {
  const known = readEntries(path.join(dataDirectory, KEPT))
  let next: Entry | undefined
  let isOpen = false
  const entryOf = async (name: string) => {
    while (!isOpen || (next && next.name < name)) {
      isOpen = true
      next = (await known.next()).value
    }
    if (next?.name === name) return next
    const copy = path.join(backup, name)
    const sha256 = await hashFile(path.join(dataDirectory, name)).catch((error) => {
      if (hasCode(error, "ENOENT")) return hashFile(copy) // deleted since it was copied
      if (hasCode(error, UNREADABLE)) return UNHASHED
      throw error
    })
    return { name, bytes: fs.statSync(copy).size, sha256 }
  }
  return { entryOf }
}

/** Keeps the hashes of a list in the data directory, for the backups to come. */
export async function keepObjectHashes(list: string, dataDirectory: string): Promise<void> {
  async function* lines() {
    for await (const entry of readEntries(list))
      if (isOfObject(entry.name) && entry.sha256 !== UNHASHED) yield lineOf(entry)
  }
  const file = path.join(dataDirectory, KEPT)
  const partial = `${file}.${process.pid}.new`
  try {
    await pipeline(Readable.from(lines()), fs.createWriteStream(partial, { mode: 0o600 }))
    // Root may back up what another user's Lapse has.
    const { uid, gid } = fs.statSync(dataDirectory)
    if (process.getuid?.() === 0) fs.chownSync(partial, uid, gid)
    fs.renameSync(partial, file)
  } catch (error) {
    fs.rmSync(partial, { force: true })
    throw error
  }
}
