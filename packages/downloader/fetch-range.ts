import "client-only"
import type { Source } from "./source.ts"

export type RangeRequest = {
  url: string
  /** The first byte, and the one after the last. */
  from: number
  to: number
  source: Source
  signal: AbortSignal
  /** Milliseconds without a byte after which the request is ended. */
  stallMs: number
  /**
   * Called with the bytes in order, about a MiB at a time, each time in a buffer of its own; the next
   * are read when it resolves.
   */
  onBytes: (at: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>
}

/**
 * `cut`: the answer ended early. `refused`: the store answered with this status. Whatever the
 * outcome, all bytes that were passed to `onBytes` are right.
 */
export type RangeOutcome =
  | { kind: "done" | "cut" | "stalled" | "no_answer" | "aborted" | "replaced" | "no_ranges" }
  | { kind: "refused"; status: number; retryAfterSeconds: number | null }

/** One GET of a part of the object. Throws only what `onBytes` throws. */
export async function fetchRange(request: RangeRequest): Promise<RangeOutcome> {
  const { url, from, to, source, signal } = request
  if (signal.aborted) return { kind: "aborted" }
  const watchdog = createWatchdog(request.stallMs)
  const headers: Record<string, string> = { Range: `bytes=${from}-${to - 1}` }
  const ifRange = source.ifRange(url)
  if (ifRange !== null) headers["If-Range"] = ifRange
  const ended = (kind: "cut" | "no_answer"): RangeOutcome => ({
    kind: signal.aborted ? "aborted" : watchdog.signal.aborted ? "stalled" : kind,
  })
  let response: Response
  try {
    watchdog.start()
    response = await fetch(url, {
      headers,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.any([signal, watchdog.signal]),
    })
  } catch {
    watchdog.stop()
    return ended("no_answer")
  }
  try {
    const wrong = judge(response, request, ifRange !== null)
    if (wrong) {
      await response.body?.cancel()
      return wrong
    }
    return await readBody(response, request, watchdog, ended)
  } finally {
    watchdog.stop()
  }
}

/** Null when the answer has the bytes that were asked for. */
function judge(
  response: Response,
  { url, from, source }: RangeRequest,
  isConditional: boolean,
): RangeOutcome | null {
  const { status, headers } = response
  if (status === 416) return { kind: "replaced" }
  if (status === 200) return { kind: isConditional ? "replaced" : "no_ranges" }
  if (status !== 206) {
    const seconds = Number(headers.get("Retry-After"))
    return { kind: "refused", status, retryAfterSeconds: seconds || null }
  }
  // A header that the store's CORS rules hide is null.
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get("Content-Range") ?? "") ?? []
  if (first !== undefined && Number(first) !== from) return { kind: "no_ranges" }
  const answer = { etag: headers.get("ETag"), total: total === undefined ? null : Number(total) }
  return source.accepts(url, answer) ? null : { kind: "replaced" }
}

async function readBody(
  response: Response,
  { from, to, signal, onBytes }: RangeRequest,
  watchdog: Watchdog,
  ended: (kind: "cut") => RangeOutcome,
): Promise<RangeOutcome> {
  const reader = response.body?.getReader()
  if (!reader) return ended("cut")
  const block = createBlock(from, onBytes)
  try {
    for (let at = from; at < to; ) {
      watchdog.start()
      const read = await reader.read().catch(() => null)
      watchdog.stop()
      if (!read || read.done || signal.aborted) {
        if (!signal.aborted) await block.flush()
        return ended("cut")
      }
      const bytes = at + read.value.length > to ? read.value.subarray(0, to - at) : read.value
      await block.add(bytes)
      at += bytes.length
    }
    await block.flush()
    return { kind: "done" }
  } finally {
    reader.cancel().catch(() => {})
  }
}

/** Handing on a network's small chunks one by one would cost more than copying them together. */
const BLOCK_BYTES = 1024 ** 2
/** On a slow line a block is handed on after this time. */
const BLOCK_MS = 500

function createBlock(from: number, onBytes: RangeRequest["onBytes"]) {
  let at = from
  let chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  let startedAt = 0
  async function flush() {
    if (length === 0) return
    const block = join(chunks, length)
    const start = at
    at += length
    chunks = []
    length = 0
    await onBytes(start, block)
  }
  return {
    flush,
    async add(bytes: Uint8Array<ArrayBuffer>) {
      if (length === 0) startedAt = Date.now()
      chunks.push(bytes)
      length += bytes.length
      if (length >= BLOCK_BYTES || Date.now() - startedAt >= BLOCK_MS) await flush()
    },
  }
}

/** In a buffer of its own, which can be transferred to a worker. */
function join(chunks: Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    joined.set(chunk, at)
    at += chunk.length
  }
  return joined
}

/** Aborts its signal when it was started and not stopped for so long. */
function createWatchdog(ms: number) {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => clearTimeout(timer)
  return {
    signal: controller.signal,
    stop,
    start() {
      stop()
      timer = setTimeout(() => controller.abort(), ms)
    },
  }
}

type Watchdog = ReturnType<typeof createWatchdog>
