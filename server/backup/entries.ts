import { createHash } from "node:crypto"
import fs from "node:fs"
import { open } from "node:fs/promises"
import path from "node:path"
import { pipeline } from "node:stream/promises"

export type Entry = { name: string; bytes: number; sha256: string }

/** Written in place of an object's SHA-256 in backups of format 1, which had no hashes. */
export const UNHASHED = "-"
/** Written in place of the SHA-256 of a file that exists but cannot be read. */
export const UNREADABLE = "EIO"

const SMALL_BYTES = 1024 ** 2
const CHUNK_BYTES = 256 * 1024

export const lineOf = ({ name, bytes, sha256 }: Entry) => `${sha256}\t${bytes}\t${name}\n`

/** Reads the entries of a list one by one, sorted by name; none if there is no list. */
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

/** Lists the names of all files below a directory in order, with one folder in memory at a time. */
export function* listNames(directory: string, folder = ""): Generator<string> {
  const entries = fs
    .readdirSync(path.join(directory, folder), { withFileTypes: true })
    // With the trailing slash, a folder is sorted to where its files' paths belong.
    .map((entry) => ({ name: folder + entry.name + (entry.isDirectory() ? "/" : "") }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { name } of entries) {
    if (name.endsWith("/")) yield* listNames(directory, name)
    else yield name
  }
}

/** Pairs the entries of a list with names; both must be sorted by name. */
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

/** Computes the SHA-256 of a file. Large files are streamed. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256")
  // Most files of a cluster are small, and opening a stream costs more than reading one at once.
  if (fs.statSync(file).size <= SMALL_BYTES) hash.update(fs.readFileSync(file))
  else await pipeline(fs.createReadStream(file, { highWaterMark: CHUNK_BYTES }), hash)
  return hash.digest("hex")
}
