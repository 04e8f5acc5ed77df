import fs from "node:fs"
import path from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { codeOf } from "#lib/adapters/errors.ts"
import { giveToOwner } from "#server/configuration/data-owner.ts"
import { type Entry, hashFile, lineOf, readEntries, UNHASHED, UNREADABLE } from "./entries.ts"

const KEPT = "object-hashes.txt"
/** Matches files with objects' bytes. Their names are random and their content never changes. */
const BYTES = /^objects\/(blobs|buckets\/[^/]+\/uploads)\//

export const isOfObject = (name: string) => BYTES.test(name)

export type ObjectHashes = {
  /** Returns the entry of an object's file, in the order of names; no hash if unreadable. */
  entryOf: (name: string) => Promise<Entry>
}

/**
 * Opens the hashes of objects that earlier backups computed. A file is hashed in the data directory
 * for the first backup that has it, and later backups reuse that hash. So a file that is altered
 * afterwards, in the data directory or in a backup, differs from its hash.
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
      if (codeOf(error) === "ENOENT") return hashFile(copy) // deleted since it was copied
      if (codeOf(error) === UNREADABLE) return UNHASHED
      throw error
    })
    return { name, bytes: fs.statSync(copy).size, sha256 }
  }
  return { entryOf }
}

/** Keeps the hashes of a list in the data directory for later backups. */
export async function keepObjectHashes(list: string, dataDirectory: string): Promise<void> {
  async function* lines() {
    for await (const entry of readEntries(list))
      if (isOfObject(entry.name) && entry.sha256 !== UNHASHED) yield lineOf(entry)
  }
  const file = path.join(dataDirectory, KEPT)
  const partial = `${file}.${process.pid}.new`
  try {
    await pipeline(Readable.from(lines()), fs.createWriteStream(partial, { mode: 0o600 }))
    giveToOwner(dataDirectory, partial)
    fs.renameSync(partial, file)
  } catch (error) {
    fs.rmSync(partial, { force: true })
    throw error
  }
}
