import { createHash } from "node:crypto"
import fs from "node:fs"
import { open } from "node:fs/promises"
import path from "node:path"
import { pipeline } from "node:stream/promises"

/** A file of a backup. */
export type Entry = { name: string; bytes: number; sha256: string }

/** In place of the SHA-256 of an object, in backups of the first format. */
export const UNHASHED = "-"
/** The disk has the file and cannot read it. */
export const UNREADABLE = "EIO"

const SMALL_BYTES = 1024 ** 2
const CHUNK_BYTES = 256 * 1024

export const lineOf = ({ name, bytes, sha256 }: Entry) => `${sha256}\t${bytes}\t${name}\n`

/** The entries of a list, in the order of the names, as they are read; none where there is no list. */
export async function* readEntries(file: string): AsyncGenerator<Entry> {
  if (!fs.existsSync(file)) return
  const handle = await open(file)
  try {
    for await (const line of handle.readLines()) {
      const [sha256 = "", bytes, name = ""] = line.split("\t")
      yield { name, bytes: Number(bytes), sha256 }
    }
  } finally {
    await handle.close()
  }
}

/** The names of all files below a directory, in their order; one folder is in memory at a time. */
export function* listNames(directory: string, folder = ""): Generator<string> {
  const entries = fs
    .readdirSync(path.join(directory, folder), { withFileTypes: true })
    // With its slash a folder comes where the names of its files do.
    .map((entry) => ({ name: folder + entry.name + (entry.isDirectory() ? "/" : "") }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { name } of entries) {
    if (name.endsWith("/")) yield* listNames(directory, name)
    else yield name
  }
}

/** Pairs the entries of a list with names, both in the order of the names. */
export async function* pairByName(
  entries: AsyncIterator<Entry>,
  names: Iterable<string>,
): AsyncGenerator<{ name: string; entry?: Entry; isThere: boolean }> {
  let { value: entry } = await entries.next()
  const advance = async () => {
    entry = (await entries.next()).value
  }
  for (const name of names) {
    for (; entry && entry.name < name; await advance())
      yield { name: entry.name, entry, isThere: false }
    if (entry?.name !== name) {
      yield { name, isThere: true }
      continue
    }
    yield { name, entry, isThere: true }
    await advance()
  }
  for (; entry; await advance()) yield { name: entry.name, entry, isThere: false }
}

export const hasCode = (error: unknown, code: string) =>
  error instanceof Error && "code" in error && error.code === code

/** The SHA-256 of a file, which is read in parts. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256")
  // Most of a cluster's files are small, and a stream costs more than they do.
  if (fs.statSync(file).size <= SMALL_BYTES) hash.update(fs.readFileSync(file))
  else await pipeline(fs.createReadStream(file, { highWaterMark: CHUNK_BYTES }), hash)
  return hash.digest("hex")
}
