import { crc32 } from "./crc32.ts"
import {
  centralHeader,
  dataDescriptor,
  type EntryRecord,
  endOfArchive,
  localHeader,
} from "./zip-records.ts"

type ZipOptions = {
  /** The number of bytes before the archive. */
  offset?: number
  /** Sizes and offsets from this value on take the 64-bit form; by default beyond 32 bits. */
  zip64From?: number
}

type NewEntry = {
  /** The path with "/" between folders, unique in the archive. */
  name: string
  modifiedAt: Date
}

/**
 * Creates a writer of a ZIP archive, entry after entry and without compression. Each call returns
 * the next bytes, except the contents of entries, which the caller passes on itself. Keeps about
 * 200 bytes per entry. Format: APPNOTE.TXT 6.3.10,
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function createZipWriter({ offset = 0, zip64From = 0xffff_ffff }: ZipOptions = {}) {
  const directory: EntryRecord[] = []
  let at = offset
  let open: EntryRecord | undefined

  const advance = (bytes: Uint8Array<ArrayBuffer>) => {
    at += bytes.length
    return bytes
  }
  const require = () => {
    if (!open) throw new Error("no entry is open")
    return open
  }

  return {
    /** The offset of the next byte. */
    offset: () => at,

    /** Returns the bytes before a content that is completely known; the content comes next. */
    addWhole({ name, modifiedAt }: NewEntry, content: Uint8Array): Uint8Array<ArrayBuffer> {
      if (open) throw new Error(`the entry ${open.name} is still open`)
      const entry = newEntry({ name, modifiedAt, at, streamed: false })
      entry.size = content.length
      entry.crc = crc32(content)
      entry.isLarge = content.length >= zip64From
      directory.push(entry)
      const header = advance(localHeader(entry))
      at += content.length
      return header
    },

    /** Returns the bytes before a content of this size. Continue it with `write` and `finish`. */
    begin({ name, modifiedAt, size }: NewEntry & { size: number }): Uint8Array<ArrayBuffer> {
      if (open) throw new Error(`the entry ${open.name} is still open`)
      open = newEntry({ name, modifiedAt, at, streamed: true })
      open.isLarge = size >= zip64From
      return advance(localHeader(open))
    },

    /** Counts the next bytes of the open entry, which the caller passes on. */
    write(bytes: Uint8Array) {
      const entry = require()
      entry.crc = crc32(bytes, entry.crc)
      entry.size += bytes.length
      at += bytes.length
    },

    /** Ends the open entry. Throws, and leaves it open, if it has another size. */
    finish(size: number): Uint8Array<ArrayBuffer> {
      const entry = require()
      if (entry.size !== size)
        throw new Error(`${entry.name} has ${entry.size} bytes in place of ${size}`)
      directory.push(entry)
      open = undefined
      return advance(dataDescriptor(entry))
    },

    /** Ends the open entry and leaves it out: its bytes are a gap that readers skip. */
    abandon(): Uint8Array<ArrayBuffer> {
      const entry = require()
      open = undefined
      return advance(dataDescriptor(entry))
    },

    /** Yields the directory in chunks, which ends the archive. */
    *end(): Generator<Uint8Array<ArrayBuffer>> {
      if (open) throw new Error(`the entry ${open.name} is still open`)
      const start = at
      for (const entry of directory) yield advance(centralHeader(entry, zip64From))
      yield advance(endOfArchive({ count: directory.length, start, end: at, zip64From }))
    },
  }
}

const newEntry = (entry: NewEntry & { at: number; streamed: boolean }): EntryRecord => ({
  ...entry,
  crc: 0,
  size: 0,
  isLarge: false,
})
