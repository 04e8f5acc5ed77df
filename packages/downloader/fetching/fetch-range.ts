import "client-only"
import type { BlockPool } from "./block-pool.ts"
import { openBlocks } from "./read-blocks.ts"
import type { Source } from "./source.ts"
import { createWatchdog, type Watchdog } from "./watchdog.ts"

type RangeRequest = {
  url: string
  /** The offset of the first byte, and the one after the last. */
  from: number
  to: number
  source: Source
  signal: AbortSignal
  /** Milliseconds without a byte after which the request is ended. */
  stallMs: number
  pool: BlockPool
  /** Gets the bytes in order, a MiB in a new buffer each time, and is awaited. */
  onBytes: (at: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>
  /** Called with the headers of an answer that has the requested bytes. */
  onHeaders?: (headers: Headers) => void
}

/**
 * `cut`: the answer ended early. `refused`: the store answered with this status. The bytes passed
 * to `onBytes` are correct in every case.
 */
export type RangeOutcome =
  | { kind: "done" | "cut" | "stalled" | "no_answer" | "aborted" | "replaced" | "no_ranges" }
  | { kind: "refused"; status: number; retryAfterSeconds: number | null }

/** Fetches a part of the object with one GET. Throws only errors of `onBytes`. */
export async function fetchRange(request: RangeRequest): Promise<RangeOutcome> {
  const { url, from, to, source, signal } = request
  if (signal.aborted) return { kind: "aborted" }
  const watchdog = createWatchdog(request.stallMs)
  const ifRange = source.ifRange(url)
  const isWhole = ifRange === null && from === 0 && to === source.size
  const ended = (kind: "cut" | "no_answer"): RangeOutcome => ({
    kind: signal.aborted ? "aborted" : watchdog.signal.aborted ? "stalled" : kind,
  })
  let response: Response
  try {
    watchdog.start()
    response = await fetch(url, {
      headers: isWhole ? {} : rangeHeaders(from, to, ifRange),
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
    const wrong = isWhole
      ? judgeWhole(response, request)
      : judgeRange(response, request, ifRange !== null)
    if (wrong) {
      await response.body?.cancel()
      return wrong
    }
    request.onHeaders?.(response.headers)
    return await readBody(response, request, watchdog, ended)
  } finally {
    watchdog.stop()
  }
}

function rangeHeaders(from: number, to: number, ifRange: string | null) {
  return {
    Range: `bytes=${from}-${to - 1}`,
    ...(ifRange !== null && { "If-Range": ifRange }),
  }
}

/** Returns null if the answer has the whole object, asked for without a range or preflight. */
function judgeWhole(response: Response, { url, source }: RangeRequest): RangeOutcome | null {
  const { status, headers } = response
  if (status !== 200) return refusal(response)
  const length = headers.has("Content-Encoding") ? null : headers.get("Content-Length")
  const answer = { etag: headers.get("ETag"), total: length === null ? null : Number(length) }
  return source.accepts(url, answer) ? null : { kind: "replaced" }
}

/** Returns null if the answer has the requested bytes. */
function judgeRange(
  response: Response,
  { url, from, source }: RangeRequest,
  isConditional: boolean,
): RangeOutcome | null {
  const { status, headers } = response
  if (status === 416) return { kind: "replaced" }
  if (status === 200) return { kind: isConditional ? "replaced" : "no_ranges" }
  if (status !== 206) return refusal(response)
  // A header that the store's CORS rules hide is null.
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get("Content-Range") ?? "") ?? []
  if (first !== undefined && Number(first) !== from) return { kind: "no_ranges" }
  const answer = { etag: headers.get("ETag"), total: total === undefined ? null : Number(total) }
  return source.accepts(url, answer) ? null : { kind: "replaced" }
}

function refusal({ status, headers }: Response): RangeOutcome {
  const seconds = Number(headers.get("Retry-After"))
  return { kind: "refused", status, retryAfterSeconds: seconds || null }
}

async function readBody(
  response: Response,
  { from, to, signal, pool, onBytes }: RangeRequest,
  watchdog: Watchdog,
  ended: (kind: "cut") => RangeOutcome,
): Promise<RangeOutcome> {
  if (!response.body) return ended("cut")
  const blocks = openBlocks(response.body, pool)
  try {
    for (let at = from; at < to; ) {
      const block = await blocks.next(to - at, watchdog)
      if (signal.aborted) return ended("cut")
      // Its buffer may be transferred, and then it has no length.
      const { length } = block.bytes
      if (at + length >= to && (await blocks.hasMore(watchdog))) return { kind: "replaced" }
      if (length > 0) await onBytes(at, block.bytes)
      at += length
      if (block.isLast && at < to) return ended("cut")
    }
    return { kind: "done" }
  } finally {
    blocks.close()
  }
}
