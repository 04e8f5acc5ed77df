import "client-only"
import { backoffMs } from "../../transfer/backoff.ts"
import { wait } from "../../transfer/wait.ts"
import { downloadError, type Problem, problem } from "../problem.ts"
import { type BlockPool, createBlockPool } from "./block-pool.ts"
import { type Addresses, type AddressesOptions, createAddresses } from "./download-addresses.ts"
import { fetchRange, type RangeOutcome } from "./fetch-range.ts"
import { createPace } from "./pace.ts"
import type { Source } from "./source.ts"
import type { Span } from "./spans.ts"

/** The number of fresh addresses in a row that the store may refuse before the download fails. */
const MOST_REFUSALS = 8

type FetchSpans = Pick<AddressesOptions, "freshUrl" | "isOnline" | "random"> & {
  source: Source
  /** The spans to fetch, in ascending order. */
  missing: Span[]
  signal: AbortSignal
  rangesAtOnce?: number
  /** The pool that buffers return to once their bytes are written. */
  pool?: BlockPool
  /** Milliseconds without a byte after which a range is requested again. */
  stallMs: number
  /** Attempts at a range without a byte, while online, before it fails; unlimited by default. */
  tries?: number
  /** Resolves when bytes may be delivered. It is pending while the reader pauses. */
  gate?: (signal: AbortSignal) => Promise<void>
  onHeaders?: (headers: Headers) => void
  /** Writes bytes. Resolves when the next bytes of the same range may come. */
  write: (at: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>
  /** Called with the reason why no bytes arrive; null when bytes arrive again. */
  onWait: (why: Problem | null) => void
}

/** A range that is being fetched; `at` advances as its bytes arrive. */
type Running = { at: number; to: number }

type Run = {
  job: FetchSpans
  signal: AbortSignal
  addresses: Addresses
  pace: ReturnType<typeof createPace>
  pool: BlockPool
  /** Spans that no range covers yet, in ascending order. */
  queue: Span[]
  running: Set<Running>
  fill: () => void
}

/**
 * Fetches the spans, several ranges at a time. A failed range is requested again from its first
 * missing byte. Throws a DownloadError, an error of `write`, or the reason of the signal.
 */
export async function fetchSpans(job: FetchSpans): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([job.signal, stop.signal])
  const run: Run = {
    job,
    signal,
    addresses: createAddresses(job),
    pace: createPace(job.rangesAtOnce),
    pool: job.pool ?? createBlockPool(),
    queue: job.missing.map((span) => ({ ...span })),
    running: new Set(),
    fill: () => {},
  }
  const ranges = new Set<Promise<void>>()
  try {
    await new Promise<void>((resolve, reject) => {
      run.fill = () => {
        while (run.running.size < run.pace.limit() && !signal.aborted) {
          const range = takeRange(run)
          if (!range) break
          const ended = fetchWhole(run, range).then(run.fill, reject)
          ranges.add(ended)
          void ended.then(() => ranges.delete(ended))
        }
        if (run.running.size === 0 && run.queue.length === 0) resolve()
      }
      signal.addEventListener("abort", () => reject(signal.reason), { once: true })
      if (signal.aborted) reject(signal.reason)
      run.fill()
    })
  } finally {
    stop.abort()
    await Promise.all(ranges)
  }
}

/** Takes the next range; null if it would end too far ahead of the first missing byte. */
function takeRange({ queue, running, pace }: Run): Running | null {
  const [first] = queue
  if (!first) return null
  const lowest = Math.min(first.from, ...Array.from(running, ({ at }) => at))
  const range = { at: first.from, to: Math.min(first.to, first.from + pace.rangeBytes()) }
  if (range.to > lowest + pace.windowBytes) return null
  first.from = range.to
  if (first.from >= first.to) queue.shift()
  running.add(range)
  return range
}

async function fetchWhole(run: Run, range: Running) {
  const { job, signal, addresses, running, pace, pool } = run
  const startedAt = Date.now()
  let failures = 0
  while (range.at < range.to) {
    const before = range.at
    const url = await addresses.take(signal)
    signal.throwIfAborted()
    if (typeof url !== "string") throw downloadError(url)
    const outcome = await fetchRange({
      url,
      from: range.at,
      to: range.to,
      source: job.source,
      signal,
      stallMs: job.stallMs,
      pool,
      ...(job.onHeaders && { onHeaders: job.onHeaders }),
      async onBytes(at, bytes) {
        addresses.worked(url)
        job.onWait(null)
        const to = at + bytes.length
        await job.gate?.(signal)
        signal.throwIfAborted()
        await job.write(at, bytes)
        range.at = to
        run.fill()
      },
    })
    signal.throwIfAborted()
    if (outcome.kind === "done") break
    failures = range.at > before ? 1 : failures + 1
    if (job.tries !== undefined && failures >= job.tries && job.isOnline()) {
      throw downloadError(problemOfOutcome(outcome, true))
    }
    await recover(run, url, outcome, failures)
  }
  pace.ended(Date.now() - startedAt)
  running.delete(range)
}

/** Waits before the next attempt. Throws if another attempt cannot help. */
async function recover(run: Run, url: string, outcome: RangeOutcome, failures: number) {
  const { job, signal, addresses, pace } = run
  const why = problemOfOutcome(outcome, job.isOnline())
  if (why.code === "replaced" || why.code === "no_ranges") throw downloadError(why)
  if (why.code === "store_refused" || outcome.kind === "no_answer") {
    // Some stores' expired URLs look like no answer to a script. Addresses have their own backoff.
    addresses.lapsed(url)
    if (why.code === "store_refused" && addresses.useless() >= MOST_REFUSALS) {
      throw downloadError(why)
    }
    if (outcome.kind === "no_answer") job.onWait(why)
    return
  }
  if (why.code === "busy") pace.slowDown()
  // A connection that was cut is retried at once.
  if (failures === 1 && why.code !== "busy") return
  job.onWait(why)
  const asked = outcome.kind === "refused" ? (outcome.retryAfterSeconds ?? 0) * 1_000 : 0
  await wait(Math.max(asked, backoffMs(failures, job.random)), signal)
}

function problemOfOutcome(outcome: RangeOutcome, isOnline: boolean): Problem {
  switch (outcome.kind) {
    case "replaced":
    case "no_ranges":
    case "stalled":
      return problem(outcome.kind)
    case "refused": {
      const { status } = outcome
      return problem(status === 408 || status === 429 || status >= 500 ? "busy" : "store_refused")
    }
    default:
      return problem(isOnline ? "no_answer" : "offline")
  }
}
