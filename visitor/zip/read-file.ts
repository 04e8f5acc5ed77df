import type { Gate } from "./gate.ts"
import type { UrlSupply } from "./url-supply.ts"
import { backoffMs, wait } from "./wait.ts"
import { createWatchdog, type Watchdog } from "./watchdog.ts"
import { failureOf } from "./zip-failure.ts"
import type { ArchiveFile } from "./zip-job.ts"

/** Failures in a row, without a byte between them, after which a file is given up. */
export const TRIES = 5
const LONGEST_PAUSE_MS = 8_000

export type Reading = {
  urls: UrlSupply
  signal: AbortSignal
  gate: Gate
  /** Called with the number of bytes that arrived. */
  onBytes: (count: number) => void
}

export type FileSource = {
  /** Exactly as many bytes as the file has; throws where they cannot be had. */
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void>
  /** As the store says it, once the first bytes are there. */
  modifiedAt: () => Date
}

/**
 * The bytes of a file, from the store. A line that is cut goes on by a range from where it was; each
 * try takes another URL, because for one that has lapsed some stores show a script no status at all.
 */
export function readFile(file: ArchiveFile, reading: Reading): FileSource {
  let modifiedAt = new Date()
  const onHeaders = (headers: Headers) => {
    const at = new Date(headers.get("Last-Modified") ?? Number.NaN)
    if (!Number.isNaN(at.getTime())) modifiedAt = at
  }
  return { chunks: readChunks(file, reading, onHeaders), modifiedAt: () => modifiedAt }
}

async function* readChunks(
  file: ArchiveFile,
  reading: Reading,
  onHeaders: (headers: Headers) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const { urls, signal, onBytes } = reading
  let at = 0
  let failures = 0
  let tried: string | undefined
  let etag: string | null = null
  while (at < file.size) {
    const before = at
    const watchdog = createWatchdog(signal)
    try {
      const url = await urls.urlOf(file.id, tried)
      if (url === null) throw isNotTheFile(file, "cannot be had any more")
      tried = url
      const response = await request(url, at, watchdog)
      requireSame(response.headers, { file, at, etag })
      etag = response.headers.get("ETag")
      onHeaders(response.headers)
      for await (const chunk of chunksOf(response.body, reading, watchdog)) {
        at += chunk.length
        if (at > file.size) throw isNotTheFile(file, "has more bytes than announced")
        onBytes(chunk.length)
        yield chunk
      }
      if (at < file.size) throw new Error("the connection ended early")
    } catch (error) {
      if (signal.aborted || failureOf(error) || isFinal(error)) throw error
      failures = at > before ? 1 : failures + 1
      if (failures >= TRIES) throw error
      await wait(backoffMs(failures, LONGEST_PAUSE_MS), signal)
    } finally {
      watchdog.end()
    }
  }
}

async function request(url: string, at: number, watchdog: Watchdog) {
  const asked = fetch(url, {
    signal: watchdog.signal,
    referrerPolicy: "no-referrer",
    credentials: "omit",
    cache: "no-store",
    ...(at > 0 && { headers: { Range: `bytes=${at}-` } }),
  })
  const { status, headers, body } = await watchdog.limit(asked)
  if (!body || status !== (at > 0 ? 206 : 200)) throw new Error(`the store answered ${status}`)
  return { headers, body }
}

type Expected = { file: ArchiveFile; at: number; etag: string | null }

/**
 * Throws where these bytes are not of the same object. Headers that a bucket does not show to
 * scripts prove nothing, and a copy under another key may have another ETag: where the SHA-256 is
 * known, it decides in the end.
 */
function requireSame(headers: Headers, { file, at, etag }: Expected) {
  const total = /\/(\d+)$/.exec(headers.get("Content-Range") ?? "")?.[1]
  const now = headers.get("ETag")
  if (at > 0 && total !== undefined && Number(total) !== file.size)
    throw isNotTheFile(file, "has another size than announced")
  if (at > 0 && file.sha256 === null && etag !== null && now !== null && etag !== now)
    throw isNotTheFile(file, "was replaced meanwhile")
}

async function* chunksOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { gate, signal }: Reading,
  watchdog: Watchdog,
) {
  const reader = body.getReader()
  while (true) {
    await gate.passed(signal)
    const { done, value } = await watchdog.limit(reader.read())
    if (done) return
    yield value
  }
}

const FINAL = Symbol("final")

/** An error that no other try can help. */
const isNotTheFile = ({ name }: ArchiveFile, why: string) =>
  new Error(`${name} ${why}`, { cause: FINAL })

const isFinal = (error: unknown) => error instanceof Error && error.cause === FINAL
