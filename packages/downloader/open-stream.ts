import "client-only"
import type { FreshUrl } from "./fetching/download-addresses.ts"
import { fetchSpans } from "./fetching/fetch-spans.ts"
import { createSource } from "./fetching/source.ts"
import type { Problem } from "./problem.ts"

export type StreamProgress = {
  /** Bytes received so far, including those that are not delivered yet. */
  receivedBytes: number
  /** Why no bytes arrive; null while they do. */
  waiting: Problem | null
}

export type StreamOptions = {
  size: number
  freshUrl: FreshUrl
  signal?: AbortSignal
  onProgress?: (progress: StreamProgress) => void
  /** Whether a copy may have another ETag, because the reader compares the SHA-256. */
  acceptsCopies?: boolean
  rangesAtOnce?: number
  /** Milliseconds without a byte after which a range is requested again. */
  stallMs?: number
  /** Attempts at a range without a byte, while online, before it fails; unlimited by default. */
  tries?: number
  /** Resolves when bytes may be delivered. It is pending while the reader pauses. */
  gate?: (signal: AbortSignal) => Promise<void>
  onHeaders?: (headers: Headers) => void
  isOnline?: () => boolean
  random?: () => number
}

/**
 * Opens the file as a stream of exactly `size` bytes in order. Fetches several ranges at a time,
 * renews expired addresses and retries broken connections. Fails with a DownloadError instead of
 * ending early. Keeps at most 40 MiB in memory; an unread stream stops fetching.
 */
export function openStream(options: StreamOptions): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { size, acceptsCopies = false } = options
  const cancelled = new AbortController()
  const signal = options.signal
    ? AbortSignal.any([options.signal, cancelled.signal])
    : cancelled.signal
  let onDemand = () => {}
  let demand = Promise.resolve()
  const end = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true })
  })

  const run = async (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => {
    const progress = createProgress(options.onProgress)
    const inOrder = createOrder(async (bytes) => {
      if ((controller.desiredSize ?? 0) <= 0) {
        demand = new Promise((resolve) => {
          onDemand = resolve
        })
        await Promise.race([demand, end])
      }
      signal.throwIfAborted()
      controller.enqueue(bytes)
    })
    await fetchSpans({
      ...withDefaults(options),
      source: createSource({ size, etag: null, path: null, acceptsCopies }),
      missing: size > 0 ? [{ from: 0, to: size }] : [],
      signal,
      onWait: progress.waits,
      write(at, bytes) {
        progress.received(bytes.length)
        return inOrder(at, bytes)
      },
    })
    controller.close()
  }

  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      run(controller).catch((error) => controller.error(error))
    },
    pull() {
      onDemand()
    },
    cancel(reason) {
      cancelled.abort(reason)
    },
  })
}

// Node does not have `onLine`.
const withDefaults = ({
  freshUrl,
  rangesAtOnce,
  stallMs = 30_000,
  tries,
  gate,
  onHeaders,
  isOnline = () => navigator.onLine !== false,
  random = Math.random,
}: StreamOptions) => ({
  freshUrl,
  stallMs,
  isOnline,
  random,
  ...(rangesAtOnce !== undefined && { rangesAtOnce }),
  ...(tries !== undefined && { tries }),
  ...(gate && { gate }),
  ...(onHeaders && { onHeaders }),
})

/** Delivers chunks in order; a call resolves when its bytes are delivered or kept. */
function createOrder(deliver: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>) {
  const early = new Map<number, Uint8Array<ArrayBuffer>>()
  let next = 0
  return async (at: number, bytes: Uint8Array<ArrayBuffer>) => {
    if (at !== next) {
      early.set(at, bytes)
      return
    }
    for (let turn: typeof bytes | undefined = bytes; turn; turn = early.get(next)) {
      await deliver(turn)
      early.delete(next)
      next += turn.length
    }
  }
}

function createProgress(onProgress: StreamOptions["onProgress"]) {
  let receivedBytes = 0
  let waiting: Problem | null = null
  const report = () => onProgress?.({ receivedBytes, waiting })
  return {
    received(bytes: number) {
      receivedBytes += bytes
      report()
    },
    waits(why: Problem | null) {
      if (why === waiting) return
      waiting = why
      report()
    },
  }
}
