import { type FileSource, type Reading, readFile } from "./read-file.ts"
import { failureOf } from "./zip-failure.ts"
import type { ArchiveFile } from "./zip-job.ts"

const MIB = 1024 ** 2
/** Files are asked for as long as they begin at most so far ahead of what is written. */
const AHEAD_BYTES = 48 * MIB
/** Browsers open six connections to a host. */
const MOST_AT_ONCE = 6
/** A file up to this size is fetched whole, so that its checksums are known before it is written. */
const WHOLE_BYTES = 8 * MIB

/** A file whose turn has come. */
export type Arrival =
  /** `content` is null where it could not be fetched. */
  | { file: ArchiveFile; kind: "whole"; content: Promise<WholeFile | null> }
  | { file: ArchiveFile; kind: "stream"; source: FileSource }

export type WholeFile = {
  bytes: Uint8Array<ArrayBuffer>
  sha256: string
  modifiedAt: Date
}

/**
 * Files in order. Small ones are fetched ahead, several at once, so that their number costs no
 * waiting; at most 56 MiB of them are in memory. Of a large one the connection is opened ahead.
 */
export async function* readAhead(
  files: readonly ArchiveFile[],
  reading: Reading,
): AsyncGenerator<Arrival, void> {
  const arrivals: Arrival[] = []
  let begun = 0
  /** Where the next file begins, and where the one that is written does. */
  let [ahead, written] = [0, 0]
  let running = 0

  const begin = () => {
    while (running < MOST_AT_ONCE && begun < files.length && ahead - written <= AHEAD_BYTES) {
      const file = files[begun++]
      if (!file) return
      ahead += file.size
      running += 1
      arrivals.push(file.size <= WHOLE_BYTES ? beginWhole(file) : beginStream(file))
    }
  }
  const ended = () => {
    running -= 1
    begin()
  }
  const beginWhole = (file: ArchiveFile): Arrival => {
    const content = fetchWhole(file, reading)
    content.then(ended, ended)
    return { file, kind: "whole", content }
  }
  const beginStream = (file: ArchiveFile): Arrival => {
    let counted = 0
    const source = primed(file, reading, (bytes) => {
      counted += bytes
      written += bytes
      begin()
    })
    const finish = () => {
      written += file.size - counted
      ended()
    }
    return {
      file,
      kind: "stream",
      source: { ...source, chunks: endingWith(source.chunks, finish) },
    }
  }

  begin()
  for (let arrival = arrivals.shift(); arrival; arrival = arrivals.shift()) {
    yield arrival
    if (arrival.kind === "whole") written += arrival.file.size
    begin()
  }
}

/** Null where it could not be fetched, or is not what the store compared when it was uploaded. */
async function fetchWhole(file: ArchiveFile, reading: Reading): Promise<WholeFile | null> {
  for (const isLast of [false, true]) {
    let arrived = 0
    const onBytes = (count: number) => {
      arrived += count
      reading.onBytes(count)
    }
    try {
      const source = readFile(file, { ...reading, onBytes })
      const bytes = await collect(source, file.size)
      const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes))
      if (!file.sha256Verified || file.sha256 === sha256) {
        reading.urls.drop(file.id)
        return { bytes, sha256, modifiedAt: source.modifiedAt() }
      }
    } catch (error) {
      if (reading.signal.aborted || failureOf(error)) throw error
      reading.onBytes(-arrived)
      return null
    }
    reading.onBytes(-arrived)
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

export const hex = (digest: ArrayBuffer) =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")

/** A source whose first bytes are asked for now. `onTaken` counts those that were taken. */
function primed(file: ArchiveFile, reading: Reading, onTaken: (bytes: number) => void): FileSource {
  const source = readFile(file, reading)
  const first = source.chunks.next()
  first.catch(() => {}) // the error is thrown where the bytes are taken
  const chunks = (async function* () {
    const { value, done } = await first
    if (done) return
    onTaken(value.length)
    yield value
    for await (const chunk of source.chunks) {
      onTaken(chunk.length)
      yield chunk
    }
  })()
  return { chunks, modifiedAt: source.modifiedAt }
}

async function* endingWith(chunks: FileSource["chunks"], finish: () => void): FileSource["chunks"] {
  try {
    yield* chunks
  } finally {
    finish()
  }
}
