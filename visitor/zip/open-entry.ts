import type { AddressRefusal } from "#packages/downloader/fetching/download-addresses.ts"
import { openStream } from "#packages/downloader/open-stream.ts"
import type { Gate } from "./gate.ts"
import type { UrlSupply } from "./urls/url-supply.ts"
import type { ArchiveFile } from "./zip-job.ts"

/** After this number of consecutive attempts without a byte, a file is left out. */
const TRIES = 5
/** The app refuses only this file. */
const GONE: AddressRefusal = { status: 404 }

export type Reading = {
  urls: UrlSupply
  signal: AbortSignal
  gate: Gate
  /** Called with the number of received bytes. */
  onBytes: (count: number) => void
  /** Called with whether this file waits for the store. */
  onWaiting?: (id: string, isWaiting: boolean) => void
}

export type FileSource = {
  /** Exactly as many bytes as the file has; throws if they cannot be fetched. */
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void>
  /** The modification time from the store, available with the first bytes. */
  modifiedAt: () => Date
  /** The number of received bytes, including those not read yet. */
  arrivedBytes: () => number
}

/** Opens the bytes of a file in the store by several ranges at once, and starts fetching them. */
export function openEntry(
  file: ArchiveFile,
  reading: Reading,
  { rangesAtOnce }: { rangesAtOnce: number },
): FileSource {
  const { urls, signal, gate, onBytes, onWaiting } = reading
  const stop = new AbortController()
  let modifiedAt = new Date()
  let arrivedBytes = 0
  let url: string | undefined
  const stream = openStream({
    size: file.size,
    rangesAtOnce,
    tries: TRIES,
    gate: gate.passed,
    acceptsCopies: file.sha256 !== null,
    signal: AbortSignal.any([signal, stop.signal]),
    async freshUrl() {
      try {
        const address = await urls.addressOf(file.id, url)
        url = address?.url
        return address ?? GONE
      } catch (error) {
        // An error that ends the archive also ends this stream, without a retry.
        stop.abort(error)
        throw error
      }
    },
    onHeaders(headers) {
      const at = new Date(headers.get("Last-Modified") ?? Number.NaN)
      if (!Number.isNaN(at.getTime())) modifiedAt = at
    },
    onProgress({ receivedBytes, waiting }) {
      onBytes(receivedBytes - arrivedBytes)
      arrivedBytes = receivedBytes
      onWaiting?.(file.id, waiting !== null)
    },
  })
  const onEnd = () => onWaiting?.(file.id, false)
  return {
    chunks: chunksOf(stream, onEnd),
    modifiedAt: () => modifiedAt,
    arrivedBytes: () => arrivedBytes,
  }
}

async function* chunksOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>, onEnd: () => void) {
  const reader = stream.getReader()
  try {
    while (true) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    onEnd()
    await reader.cancel().catch(() => {})
  }
}
