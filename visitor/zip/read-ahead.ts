import { type FileSource, openEntry, type Reading } from "./open-entry.ts"
import { failureOf } from "./zip-failure.ts"
import type { ArchiveFile } from "./zip-job.ts"

const MIB = 1024 ** 2
/** A file is fetched ahead if it begins at most this many bytes after the write position. */
const AHEAD_BYTES = 24 * MIB
/** Browsers open six connections to a host. */
const MAX_CONNECTIONS = 6
/** The ranges of one large file: fewer than the connections, to fetch the next file too. */
const RANGES_AT_ONCE = 3
/** A file up to this size is fetched whole: its checksums are known before it is written. */
const WHOLE_BYTES = 8 * MIB

/** A file to write next. */
export type QueuedFile =
  /** `content` is null if it could not be fetched. */
  | { file: ArchiveFile; kind: "whole"; content: Promise<WholeFile | null> }
  | { file: ArchiveFile; kind: "stream"; source: FileSource }

export type WholeFile = {
  bytes: Uint8Array<ArrayBuffer>
  sha256: string
  modifiedAt: Date
}

/**
 * Yields files in order. Small ones are fetched ahead, several at once, so that they cause no
 * waiting; large ones by several ranges at once. At most 56 MiB are in memory: the files fetched
 * ahead, and the 32 MiB that a large file may be ahead of its reader.
 */
export async function* readAhead(
  files: readonly ArchiveFile[],
  reading: Reading,
): AsyncGenerator<QueuedFile, void> {
  const queue: QueuedFile[] = []
  let begun = 0
  /** The positions where the next file to fetch begins, and where the file being written does. */
  let [ahead, written] = [0, 0]
  let connections = 0

  const begin = () => {
    for (let file = files[begun]; file && mayBegin(file); file = files[begun]) {
      begun += 1
      ahead += file.size
      connections += connectionsOf(file)
      queue.push(isSmall(file) ? beginWhole(file) : beginStream(file))
    }
  }
  const mayBegin = (file: ArchiveFile) =>
    ahead - written <= AHEAD_BYTES && connections + connectionsOf(file) <= MAX_CONNECTIONS
  const ended = (file: ArchiveFile) => {
    connections -= connectionsOf(file)
    begin()
  }
  const beginWhole = (file: ArchiveFile): QueuedFile => {
    const content = fetchWhole(file, reading)
    const onEnd = () => ended(file)
    content.then(onEnd, onEnd)
    return { file, kind: "whole", content }
  }
  const beginStream = (file: ArchiveFile): QueuedFile => {
    let counted = 0
    const onTaken = (bytes: number) => {
      counted += bytes
      written += bytes
      begin()
    }
    const onEnd = () => {
      written += file.size - counted
      ended(file)
    }
    const source = openEntry(file, reading, { rangesAtOnce: RANGES_AT_ONCE })
    return { file, kind: "stream", source: watched(source, onTaken, onEnd) }
  }

  begin()
  for (let arrival = queue.shift(); arrival; arrival = queue.shift()) {
    yield arrival
    if (arrival.kind === "whole") written += arrival.file.size
    begin()
  }
}

const isSmall = ({ size }: ArchiveFile) => size <= WHOLE_BYTES
const connectionsOf = (file: ArchiveFile) => (isSmall(file) ? 1 : RANGES_AT_ONCE)

/** Null if it could not be fetched, or differs from the checksum stored at upload. */
async function fetchWhole(file: ArchiveFile, reading: Reading): Promise<WholeFile | null> {
  for (const isLast of [false, true]) {
    const source = openEntry(file, reading, { rangesAtOnce: 1 })
    try {
      const bytes = await collect(source, file.size)
      const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes))
      if (!file.sha256Verified || file.sha256 === sha256) {
        reading.urls.drop(file.id)
        return { bytes, sha256, modifiedAt: source.modifiedAt() }
      }
    } catch (error) {
      if (reading.signal.aborted || failureOf(error)) throw error
      reading.onBytes(-source.arrivedBytes())
      return null
    }
    reading.onBytes(-source.arrivedBytes())
    if (isLast) return null
  }
  return null
}

async function collect({ chunks }: FileSource, size: number) {
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

const hex = (digest: ArrayBuffer) =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")

/** A source that counts the bytes that are read, and reports its end. */
function watched(source: FileSource, onTaken: (bytes: number) => void, onEnd: () => void) {
  const chunks = (async function* () {
    try {
      for await (const chunk of source.chunks) {
        onTaken(chunk.length)
        yield chunk
      }
    } finally {
      onEnd()
    }
  })()
  return { ...source, chunks }
}
