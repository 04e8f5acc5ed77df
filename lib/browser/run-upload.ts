import "client-only"
import type { FileView, UploadView } from "#lib/files/file.ts"
import { type Failure, putFailure, refusal, unreadable, type Wait } from "./failure.ts"
import { samplesOf } from "./fingerprint.ts"
import type { KeptHandles } from "./kept-handles.ts"
import { FRESH_MS } from "./part-addresses.ts"
import { measureParts, type PartsMeasure } from "./parts-measure.ts"
import { type PartsWorld, sendParts } from "./send-parts.ts"
import type { UnfinishedUploads } from "./unfinished.ts"
import type { Upload } from "./upload.ts"
import type { Entry, Stage } from "./upload-entry.ts"
import type { UploadLocks } from "./upload-locks.ts"
import type { Answer } from "./upload-transport.ts"

/** Up to here a file's hash takes no time worth mentioning, so the app gets it before the first byte. */
const HASHED_FIRST_BYTES = 8 * 1024 ** 2
/** An app that forgets the same file again and again is broken. */
const RESTARTS = 3

export type RunWorld = Omit<PartsWorld, "wait"> & {
  locks: UploadLocks
  handles: KeptHandles
  unfinished: UnfinishedUploads
  change: (entry: Entry, patch: Partial<Upload>) => void
  progress: (entry: Entry, sentBytes: number) => void
  wait: (entry: Entry, wait: Wait, signal: AbortSignal) => Promise<void>
  /** False once it was cancelled. */
  holds: (entry: Entry) => boolean
}

type Step = { next: Stage } | { stored: FileView } | Failure

const calm = { problem: null, retryAt: null } as const

/** Runs one upload until it is stored, has failed, or the signal ends it. Nothing is lost in between: a later run goes on from there. */
export async function runUpload(entry: Entry, signal: AbortSignal, world: RunWorld) {
  while (!signal.aborted) {
    const step = await take(entry, signal, world)
    if (signal.aborted) return
    if ("next" in step) entry.stage = step.next
    else if ("stored" in step) {
      settle(entry, world)
      const sentBytes = entry.view.size
      world.change(entry, { state: "stored", file: step.stored, sentBytes, bytesPerSecond: null })
      return
    } else {
      const wait = entry.tries.after(step)
      if (!wait) {
        const { problem } = step
        world.change(entry, { state: "failed", problem, retryAt: null, bytesPerSecond: null })
        return
      }
      showWait(entry, wait, world)
      await world.wait(entry, wait, signal)
    }
  }
}

/** Nobody needs the file's handle or its lock any more. */
export function settle(entry: Entry, { handles }: Pick<RunWorld, "handles">) {
  entry.unlock?.()
  entry.unlock = null
  if (entry.fileId) void handles.drop(entry.fileId)
}

function showWait(entry: Entry, { problem, retryAt }: Wait, { change }: RunWorld) {
  change(entry, { state: "waiting", problem, retryAt, bytesPerSecond: null })
}

function take(entry: Entry, signal: AbortSignal, world: RunWorld): Promise<Step> {
  if (entry.stage === "start") return start(entry, signal, world)
  if (entry.stage === "send") return send(entry, signal, world)
  return finish(entry, signal, world)
}

async function start(entry: Entry, signal: AbortSignal, world: RunWorld): Promise<Step> {
  const { transport, hasher, unfinished } = world
  const { source } = entry
  world.change(entry, { state: "starting", ...calm })
  if (!(await transport.isReadable(source.body))) return unreadable
  if (source.body.size <= HASHED_FIRST_BYTES) entry.sha256 ??= hasher.part(source.body)
  const fingerprint = await hasher.part(samplesOf(source.name, source.body))
  const sha256 = await entry.sha256
  if (signal.aborted) return { next: "start" }

  const same = fingerprint && (await unfinished.takeSame(fingerprint))
  if (same && (await adopt(entry, same, world))) return { next: "send" }
  if (signal.aborted) return { next: "start" }

  // Not abortable: a row that was made must be known, to give it up.
  const answer = await transport.start(source, { fingerprint, sha256 })
  if (!answer.ok) return refusal(answer)
  const { file, upload } = answer.value
  if (signal.aborted && (entry.run || !world.holds(entry))) {
    // Cancelled, or paused and resumed, while the app was making the row.
    transport.abandon(file.id)
    return { next: "start" }
  }
  entry.stage = "send"
  entry.fileId = file.id
  world.change(entry, { fileId: file.id })
  // A recall may have seen the row before this answer came.
  unfinished.take(file.id)
  void lock(entry, file.id, world)
  if (upload.method === "multipart") entry.stored = new Set()
  obey(entry, upload, world)
  return { next: "send" }
}

/** Goes on with a file that an earlier page began, unless another tab does. */
export async function adopt(entry: Entry, fileId: string, world: RunWorld) {
  if (!(await lock(entry, fileId, world))) return false
  entry.stage = "send"
  entry.fileId = fileId
  world.change(entry, { fileId })
  // Cancelled in the meantime.
  if (!world.holds(entry)) world.transport.abandon(fileId)
  return true
}

async function lock(entry: Entry, fileId: string, { locks, holds }: RunWorld) {
  const unlock = await locks.take(fileId)
  if (!unlock) return false
  if (holds(entry) && entry.view.state !== "stored") entry.unlock = unlock
  else unlock()
  return true
}

function obey(entry: Entry, upload: UploadView, world: RunWorld) {
  const { source, fileId } = entry
  if (upload.method === "put") {
    entry.order = { view: upload, at: Date.now() }
    return
  }
  entry.measure = measureParts(source.body, upload)
  world.change(entry, { resumable: true })
  if (source.handle && fileId) void world.handles.keep(fileId, source.handle)
}

async function send(entry: Entry, signal: AbortSignal, world: RunWorld): Promise<Step> {
  const { transport, slots } = world
  if (!entry.fileId) return { next: "start" }
  world.change(entry, { state: "sending", ...calm })
  if (!(await transport.isReadable(entry.source.body))) return unreadable
  // Beside the sending; only the end waits for it.
  entry.sha256 ??= world.hasher.whole(entry.source.body, entry.life.signal)
  if (entry.measure) return sendInParts(entry, entry.measure, signal, world)

  const release = await slots.take(signal)
  if (!release) return { next: "send" }
  try {
    const order = await orderOf(entry, entry.fileId, world)
    if ("problem" in order || "next" in order) return order
    if (signal.aborted) return { next: "send" }
    if (order.method === "put") return await sendWhole(entry, order, signal, world)
  } finally {
    release()
  }
  return { next: "send" }
}

async function orderOf(
  entry: Entry,
  fileId: string,
  world: RunWorld,
): Promise<UploadView | Failure | { next: Stage }> {
  const { order } = entry
  entry.order = null
  if (order && Date.now() - order.at < FRESH_MS) return order.view
  const answer = await world.transport.sign(fileId)
  if (!answer.ok) return noOrder(entry, answer, world)
  if (answer.value.method === "multipart") obey(entry, answer.value, world)
  return answer.value
}

function noOrder(
  entry: Entry,
  answer: Answer<unknown> & { ok: false },
  world: RunWorld,
): Failure | { next: Stage } {
  if (answer.status === 404) return anew(entry, world)
  // The bytes are there and only the answer was lost.
  return answer.status === 409 ? { next: "finish" } : refusal(answer)
}

/** The app gave the file up in the meantime. */
function anew(entry: Entry, world: RunWorld): Failure | { next: Stage } {
  settle(entry, world)
  Object.assign(entry, { fileId: null, order: null, measure: null, stored: null, stage: "start" })
  world.change(entry, { fileId: null, sentBytes: 0, resumable: false })
  entry.restarts += 1
  if (entry.restarts <= RESTARTS) return { next: "start" }
  return refusal({ ok: false, status: 404, message: null, retryAfterSeconds: null })
}

type Put = Extract<UploadView, { method: "put" }>

async function sendWhole(
  entry: Entry,
  { url, headers }: Put,
  signal: AbortSignal,
  world: RunWorld,
) {
  const { transport } = world
  world.change(entry, { sentBytes: 0 })
  const answer = await transport.put({
    url,
    headers,
    body: entry.source.body,
    signal,
    onProgress(sentBytes) {
      if (!signal.aborted) world.progress(entry, sentBytes)
    },
  })
  // 412: the URL never overwrites, so an earlier attempt had arrived whole.
  if (answer.ok || answer.status === 412) return { next: "finish" } as const
  entry.meter.reset()
  return putFailure(answer, transport.isOnline())
}

async function sendInParts(
  entry: Entry,
  measure: PartsMeasure,
  signal: AbortSignal,
  world: RunWorld,
): Promise<Step> {
  const { fileId } = entry
  if (!fileId) return { next: "start" }
  if (!entry.stored) {
    const answer = await world.transport.listParts(fileId)
    if (!answer.ok) return noOrder(entry, answer, world)
    const whole = answer.value.filter(({ partNumber, size }) => size === measure.sizeOf(partNumber))
    entry.stored = new Set(whole.map(({ partNumber }) => partNumber))
  }
  if (signal.aborted) return { next: "send" }

  const { stored } = entry
  const showStored = () => world.change(entry, { sentBytes: measure.bytesOf(stored) })
  showStored()
  const outcome = await sendParts(
    {
      fileId,
      measure,
      stored,
      signal,
      onProgress(sentBytes) {
        if (!signal.aborted) world.progress(entry, sentBytes)
      },
      onWait(wait) {
        if (wait) showWait(entry, wait, world)
        else if (entry.view.state === "waiting") world.change(entry, { state: "sending", ...calm })
      },
    },
    { ...world, wait: (wait, until) => world.wait(entry, wait, until) },
  )
  if (outcome === "stored" || outcome === "complete") return { next: "finish" }
  // The store may have more than it could say.
  entry.stored = null
  showStored()
  if (outcome === "gone") return anew(entry, world)
  return outcome === "aborted" ? { next: "send" } : outcome
}

async function finish(entry: Entry, signal: AbortSignal, world: RunWorld): Promise<Step> {
  if (!entry.fileId) return { next: "start" }
  world.change(entry, { state: "finishing", ...calm, bytesPerSecond: null })
  const sha256 = await entry.sha256
  if (signal.aborted) return { next: "finish" }
  const answer = await world.transport.finish(entry.fileId, sha256)
  if (answer.ok) return { stored: answer.value }
  if (answer.status === 404) return anew(entry, world)
  // The store has not got these bytes after all.
  if (answer.status === 409) {
    entry.stage = "send"
    entry.stored = null
    return { ...refusal(answer), final: false }
  }
  return refusal(answer)
}
