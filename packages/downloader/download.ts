import "client-only"
import { createRateMeter } from "../transfer/rate-meter.ts"
import { createThrottledNotifier } from "../transfer/throttled-notifier.ts"
import type { DownloadOptions } from "./download-options.ts"
import { spannedBytes } from "./fetching/spans.ts"
import { type Problem, problem, problemOf } from "./problem.ts"
import { runDownload } from "./run-download.ts"
import type { RemoteFile, SavedDownload } from "./saving/saved-downloads.ts"
import { handleOf, removeTarget, type Target } from "./saving/target.ts"

/**
 * | state | what it is | leads to |
 * |---|---|---|
 * | paused | nothing runs; also how an unfinished download begins after a reload | running, removed |
 * | running | bytes arrive, or the download waits until they can | paused, checking, failed, removed |
 * | checking | all bytes are written, the rest of them is hashed | running, done, failed, removed |
 * | elsewhere | another tab works on it | running, removed |
 * | failed | `problem` says why | running, removed |
 * | done | the file is whole and has the SHA-256 that is stated, if one is | removed |
 * | removed | cancelled: nothing is left of it | |
 */
type DownloadState = "paused" | "running" | "checking" | "elsewhere" | "failed" | "done" | "removed"

export type DownloadSnapshot = {
  file: RemoteFile
  state: DownloadState
  /** The number of bytes that are durable and recorded: a reload or a crash loses none of them. */
  writtenBytes: number
  /** Null while there is too little to measure. */
  bytesPerSecond: number | null
  /** Why no bytes arrive although the download runs. */
  waiting: Problem | null
  problem: Problem | null
  /** The SHA-256 of the written bytes, once the download is done. */
  sha256: string | null
}

/** Creates a download into a file, which continues after failures, pauses and reloads. */
export function createDownload(options: DownloadOptions) {
  const { file, target, saved, locks } = options
  const notifier = createThrottledNotifier()
  const rate = createRateMeter()
  const record: SavedDownload = options.earlier ?? newRecord(file, target)
  let shown: Omit<DownloadSnapshot, "file" | "bytesPerSecond"> = {
    state: record.isComplete ? "done" : "paused",
    writtenBytes: spannedBytes(record.spans),
    waiting: null,
    problem: null,
    sha256: record.isComplete ? file.sha256 : null,
  }
  let stop: AbortController | null = null
  let ended: Promise<void> = Promise.resolve()

  function show(change: Partial<typeof shown>) {
    shown = { ...shown, ...change }
    notifier.notify()
  }

  async function run(signal: AbortSignal) {
    const unlock = await locks.acquire(file.key)
    if (!unlock) return show({ state: "elsewhere" })
    try {
      rate.reset()
      show({ state: "running", problem: null })
      const sha256 = await runDownload({
        ...options,
        record,
        signal,
        onWritten(writtenBytes) {
          rate.add(Date.now(), writtenBytes)
          show({ writtenBytes })
        },
        onWait: (waiting) => {
          if (waiting !== shown.waiting) show({ waiting })
        },
        onChecking: () => show({ state: "checking", waiting: null }),
      })
      show({ state: "done", sha256, waiting: null })
    } catch (error) {
      if (signal.aborted) show({ state: "paused", waiting: null })
      else show({ state: "failed", waiting: null, problem: problemOf(error) ?? UNKNOWN })
    } finally {
      unlock()
    }
  }

  async function pause() {
    stop?.abort()
    await ended
  }

  return {
    /** Starts or continues the download. Resolves when it has ended, failed or was paused. */
    start(): Promise<void> {
      if (["running", "checking", "done", "removed"].includes(shown.state)) return ended
      stop = new AbortController()
      ended = run(stop.signal)
      return ended
    },
    /** Pauses the download. Resolves when the received bytes are durable. */
    pause,
    /** Stops the download and deletes the written bytes. */
    async cancel() {
      await pause()
      await removeTarget(target)
      await saved.delete(file.key)
      show({ state: "removed" })
    },
    read: async () => (await handleOf(target)).getFile(),
    snapshot: (): DownloadSnapshot => ({
      file,
      ...shown,
      bytesPerSecond: shown.state === "running" ? rate.rate(Date.now()) : null,
    }),
    subscribe: notifier.subscribe,
  }
}

export type Download = ReturnType<typeof createDownload>

const UNKNOWN = problem("not_writable")

const newRecord = (file: RemoteFile, target: Target): SavedDownload => ({
  file,
  target,
  spans: [],
  etag: null,
  path: null,
  savedAt: Date.now(),
  isComplete: false,
})
