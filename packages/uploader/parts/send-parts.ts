import "client-only"
import { wait } from "../../transfer/wait.ts"
import type { Semaphore } from "../concurrency.ts"
import type { Hasher } from "../hashing/hasher.ts"
import { appFailure, type Failure, putFailure, unreadable } from "../transport/failure.ts"
import type { Retries, RetryDelay } from "../transport/retry.ts"
import type { UploadTransport } from "../transport/upload-transport.ts"
import type { PartLayout } from "./part-layout.ts"
import { createPartUrls, type PartUrls } from "./part-urls.ts"

/** The number of parts of one file that are sent at the same time. */
const LANES = 4
/** While parts take longer than this, no URL is prefetched. */
const FAST_PART_MS = 15_000

export type PartsContext = {
  transport: UploadTransport
  hasher: Hasher
  /** Limits the requests to the store for all files together. */
  requestSlots: Semaphore
  newRetries: () => Retries
}

type PartsJob = {
  fileId: string
  layout: PartLayout
  /** Numbers of the parts that the store has. Stored parts are added. */
  storedParts: Set<number>
  signal: AbortSignal
  /** Aborts when no more parts may start. Parts in flight are completed. */
  pause: AbortSignal
  /** Ends a delay before a retry, as `Entry.waker`. */
  waker: EventTarget
  /** Called with the bytes of stored and of running parts; falls when a part must be sent again. */
  onProgress: (sentBytes: number) => void
  /** Called with the earliest retry once every lane waits, and with null when a lane continues. */
  onDelay: (delay: RetryDelay | null) => void
}

/**
 * `gone`: the app has deleted the file. `lost`: the store has lost the upload. `complete`: the app
 * already has the file. `paused`: parts are missing, and none is in flight.
 */
export type PartsOutcome = "stored" | "gone" | "lost" | "complete" | "aborted" | "paused" | Failure

type PartsRun = PartsJob & {
  context: PartsContext
  urls: PartUrls
  /** Aborts when `signal` or `pause` aborts. */
  starting: AbortSignal
  /** Numbers of the parts that no lane has taken yet. */
  missing: number[]
  progress: ReturnType<typeof createPartsProgress>
  delays: ReturnType<typeof createLaneDelays>
  isFast: boolean
}

/**
 * Sends the missing parts, several at a time. A part that fails is retried while the others
 * continue; a part that fails permanently stops them all.
 */
export async function sendParts(job: PartsJob, context: PartsContext): Promise<PartsOutcome> {
  const { fileId, layout, storedParts } = job
  const missing = Array.from({ length: layout.partCount }, (_, index) => index + 1).filter(
    (partNumber) => !storedParts.has(partNumber),
  )
  const lanes = Math.min(LANES, missing.length)
  const stop = new AbortController()
  const upcoming = (count: number) => missing.slice(0, count)
  const run: PartsRun = {
    ...job,
    signal: AbortSignal.any([job.signal, stop.signal]),
    starting: AbortSignal.any([job.signal, stop.signal, job.pause]),
    context,
    urls: createPartUrls({ ...context, fileId, layout, upcoming }),
    missing,
    progress: createPartsProgress(job),
    delays: createLaneDelays(lanes, job.onDelay),
    isFast: true,
  }
  let ended: PartsOutcome | null = null
  let isPaused = false

  async function lane() {
    const outcome = await runLane(run)
    run.delays.endLane()
    if (outcome === "stored") return run.delays.reportIfAllWait()
    if (outcome === "paused") {
      isPaused = true
      return
    }
    ended ??= job.signal.aborted ? "aborted" : outcome
    stop.abort()
  }

  await Promise.all(Array.from({ length: lanes }, lane))
  return ended ?? (isPaused ? "paused" : "stored")
}

async function runLane(run: PartsRun): Promise<PartsOutcome> {
  const { context, missing } = run
  const retries = context.newRetries()
  let retried: number | undefined
  for (;;) {
    const release = await context.requestSlots.acquire(run.starting)
    if (!release) return pausedOr(run, "aborted")
    // Taken only now, so that the first lane prefetches the first parts for all lanes.
    const partNumber = retried ?? missing.shift()
    if (partNumber === undefined) {
      release()
      return "stored"
    }
    const outcome = await sendPart(run, partNumber).finally(release)
    if (outcome === null) {
      retried = undefined
      retries.reset()
      continue
    }
    if (typeof outcome === "string") return outcome
    if (run.pause.aborted) return "paused"
    if (!(await waitToRetry(run, outcome, retries))) return { ...outcome, final: true }
    retried = partNumber
  }
}

const pausedOr = ({ signal, pause }: PartsRun, outcome: PartsOutcome) =>
  pause.aborted && !signal.aborted ? "paused" : outcome

/** Sends one part. Returns null once the store has it. */
async function sendPart(run: PartsRun, partNumber: number): Promise<PartsOutcome | null> {
  const { urls, signal, layout, storedParts, progress } = run
  const { transport } = run.context
  const url = await urls.take(partNumber, run.isFast)
  if (signal.aborted) return "aborted"
  if (run.pause.aborted) return "paused"
  if (!url.ok) {
    if (url.status === 404) return "gone"
    // An earlier finish succeeded and only its answer was lost.
    return url.status === 409 ? "complete" : appFailure(url)
  }
  if (!url.value) return unreadable
  const body = layout.slice(partNumber)
  const startedAt = Date.now()
  const answer = await transport.put({
    url: url.value.url,
    headers: url.value.headers,
    body,
    signal,
    onProgress(sentBytes) {
      if (!signal.aborted) progress.running(partNumber, Math.min(sentBytes, body.size))
    },
  })
  progress.ended(partNumber)
  if (answer.ok) {
    run.isFast = Date.now() - startedAt < FAST_PART_MS
    storedParts.add(partNumber)
    progress.stored(body.size)
    return null
  }
  if (signal.aborted) return "aborted"
  if (answer.status === 404) return "lost"
  progress.report()
  if (!(await transport.isReadable(body))) return unreadable
  return putFailure(answer, transport.isOnline())
}

/** Waits before a retry. Returns false if there is no further attempt. */
async function waitToRetry(run: PartsRun, failure: Failure, retries: Retries) {
  const { signal, delays, onDelay } = run
  const delay = retries.delayAfter(failure)
  if (!delay) return false
  delays.add(delay)
  delays.reportIfAllWait()
  await wait(delay.ms, run.starting, run.waker, "wake")
  delays.delete(delay)
  if (!signal.aborted) onDelay(null)
  return true
}

function createPartsProgress({ layout, storedParts, onProgress }: PartsJob) {
  const running = new Map<number, number>()
  let storedBytes = layout.totalSizeOf(storedParts)

  function report() {
    let runningBytes = 0
    for (const bytes of running.values()) runningBytes += bytes
    onProgress(storedBytes + runningBytes)
  }

  return {
    report,
    running(partNumber: number, sentBytes: number) {
      running.set(partNumber, sentBytes)
      report()
    },
    ended: (partNumber: number) => running.delete(partNumber),
    stored(bytes: number) {
      storedBytes += bytes
      report()
    },
  }
}

function createLaneDelays(lanes: number, onDelay: PartsJob["onDelay"]) {
  const delays = new Set<RetryDelay>()
  let running = lanes
  return {
    add: (delay: RetryDelay) => delays.add(delay),
    delete: (delay: RetryDelay) => delays.delete(delay),
    endLane() {
      running -= 1
    },
    reportIfAllWait() {
      const [earliest] = Array.from(delays).sort((a, b) => (a.retryAt ?? 0) - (b.retryAt ?? 0))
      if (earliest && delays.size === running) onDelay(earliest)
    },
  }
}
