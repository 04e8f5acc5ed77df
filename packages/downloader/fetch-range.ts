import "client-only"
import { openBlocks } from "./read-blocks.ts"
import type { Source } from "./source.ts"
import { createWatchdog, type Watchdog } from "./watchdog.ts"

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
  if (!response.body) return ended("cut")
  const blocks = openBlocks(response.body)
  try {
    for (let at = from; at < to; ) {
      const block = await blocks.next(to - at, watchdog)
      if (signal.aborted) return ended("cut")
      // Its buffer may be transferred, and then it has no length.
      const { length } = block.bytes
      if (length > 0) await onBytes(at, block.bytes)
      at += length
      if (block.isLast && at < to) return ended("cut")
    }
    return { kind: "done" }
  } finally {
    blocks.close()
  }
}
