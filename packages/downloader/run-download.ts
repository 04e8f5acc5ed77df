import "client-only"
import type { DownloadOptions } from "./download-options.ts"
import { createBlockPool } from "./fetching/block-pool.ts"
import { fetchSpans } from "./fetching/fetch-spans.ts"
import { createSource, type Source } from "./fetching/source.ts"
import { addSpan, missingSpans, type Span, spannedBytes } from "./fetching/spans.ts"
import { downloadError, type Problem, problem, problemOf } from "./problem.ts"
import type { SavedDownload } from "./saving/saved-downloads.ts"
import type { Sink } from "./saving/sink.ts"
import { handleOf, type Target } from "./saving/target.ts"

type DownloadRun = Omit<DownloadOptions, "target" | "earlier" | "locks"> & {
  /** Updated as bytes become durable. */
  record: SavedDownload
  signal: AbortSignal
  /** Called with the number of bytes that are durable and recorded. */
  onWritten: (bytes: number) => void
  onWait: (why: Problem | null) => void
  onChecking: () => void
}

/**
 * Fetches the missing bytes, checks the whole file and returns its SHA-256. Starts over once if the
 * object was replaced or the bytes are not those of the file. Throws a DownloadError; written bytes
 * are kept for the next attempt, unless they are wrong.
 */
export async function runDownload(run: DownloadRun): Promise<string> {
  for (let isSecond = false; ; isSecond = true) {
    try {
      return await runOnce(run)
    } catch (error) {
      const code = problemOf(error)?.code
      if (run.signal.aborted || (code !== "replaced" && code !== "wrong_digest")) throw error
      await forget(run)
      if (isSecond) throw error
    }
  }
}

async function runOnce(run: DownloadRun): Promise<string> {
  const { record, signal, file } = run
  if (!(await isIntact(record, run.writtenSize ?? privateSize))) await forget(run)
  const { spans, target } = record
  const source = createSource({ ...record, size: file.size, acceptsCopies: file.sha256 !== null })
  const pool = createBlockPool()
  const sink = await run.openSink({
    target,
    size: file.size,
    keeps: spans.length > 0,
    onFreed: pool.give,
  })
  try {
    await saveRecord(run, record.spans, source)
    await fetchSpans({
      freshUrl: run.freshUrl,
      source,
      signal,
      pool,
      onWait: run.onWait,
      write: createWriter(run, sink, source),
      ...(run.rangesAtOnce !== undefined && { rangesAtOnce: run.rangesAtOnce }),
      missing: missingSpans(spans, file.size),
      stallMs: run.stallMs ?? 30_000,
      isOnline: run.isOnline ?? (() => navigator.onLine),
      random: run.random ?? Math.random,
    })
    run.onChecking()
    const digest = await stoppable(sink.finish(), signal)
    if (file.sha256 !== null && digest !== file.sha256.toLowerCase()) {
      throw downloadError(problem("wrong_digest"))
    }
    await saveRecord(run, [{ from: 0, to: file.size }], source, true)
    return digest
  } finally {
    await sink.close()
  }
}

/** Creates a writer that resolves when bytes are durable and recorded; writes share flushes. */
function createWriter(run: DownloadRun, sink: Sink, source: Source) {
  let written: Span[] = run.record.spans
  let keeping: Promise<void> = Promise.resolve()
  run.onWritten(spannedBytes(written))

  async function keep() {
    const durable = written
    if (durable === run.record.spans) return
    await sink.flush()
    await saveRecord(run, durable, source)
    run.onWritten(spannedBytes(durable))
  }

  return async (at: number, bytes: Uint8Array<ArrayBuffer>) => {
    const to = at + bytes.length
    await sink.write(at, bytes)
    written = addSpan(written, { from: at, to })
    keeping = keeping.then(keep)
    await keeping
  }
}

async function saveRecord(run: DownloadRun, spans: Span[], source: Source, isComplete = false) {
  Object.assign(run.record, { spans, ...source.identity(), savedAt: Date.now(), isComplete })
  await run.saved.save({ ...run.record })
}

/** Discards the written bytes: the next attempt begins with an empty file. */
async function forget({ record, saved, onWritten }: DownloadRun) {
  Object.assign(record, { spans: [], etag: null, path: null })
  await saved.save({ ...record })
  onWritten(0)
}

/** Whether the bytes of an earlier session may still exist. */
async function isIntact(
  { spans, target }: SavedDownload,
  sizeOf: (target: Target) => Promise<number>,
): Promise<boolean> {
  const end = spans.at(-1)?.to ?? 0
  return end === 0 || (await sizeOf(target)) >= end
}

async function privateSize(target: Target): Promise<number> {
  try {
    return (await (await handleOf(target)).getFile()).size
  } catch {
    return 0
  }
}

/** Rejects as soon as the signal aborts, so that a pause does not wait for a large file's hash. */
function stoppable<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  promise.catch(() => {})
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) return stop()
    signal.addEventListener("abort", stop, { once: true })
    promise.then(resolve, reject)
  })
}
