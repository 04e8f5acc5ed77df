import "client-only"
import type { PartLayout } from "../parts/part-layout.ts"
import { URL_MAX_AGE_MS } from "../parts/part-urls.ts"
import { type PartsOutcome, sendParts } from "../parts/send-parts.ts"
import {
  appFailure,
  type Failure,
  putFailure,
  storeRefused,
  unreadable,
} from "../transport/failure.ts"
import type { RetryDelay } from "../transport/retry.ts"
import type { FailedAnswer, SinglePut, UploadInstructions } from "../upload-protocol.ts"
import { applyInstructions, restartUpload } from "./request-upload.ts"
import { noProblem, type StepResult, showDelay, type UploadContext } from "./upload-context.ts"
import type { Entry, Stage } from "./upload-entry.ts"

/** Sends the bytes to the store, in one PUT or in parts as the app instructs. */
export async function sendUpload(
  entry: Entry,
  signal: AbortSignal,
  context: UploadContext,
): Promise<StepResult> {
  const { transport, hasher, requestSlots } = context
  const { body } = entry.source
  if (!entry.fileId) return { next: "start" }
  context.change(entry, { state: "sending", ...noProblem })
  if (!(await transport.isReadable(body))) return unreadable
  if (entry.layout) return sendInParts(entry, entry.fileId, entry.layout, signal, context)
  // Hashing runs beside the sending; only the finish waits for it.
  entry.sha256 ??= hasher.whole(body, entry.lifetime.signal)

  const release = await requestSlots.acquire(signal)
  if (!release) return { next: "send" }
  try {
    const instructions = await takeInstructions(entry, entry.fileId, context)
    if ("problem" in instructions || "next" in instructions) return instructions
    if (signal.aborted) return { next: "send" }
    if (instructions.method === "put")
      return await sendInOnePut(entry, instructions, signal, context)
  } finally {
    release()
  }
  return { next: "send" }
}

async function takeInstructions(
  entry: Entry,
  fileId: string,
  context: UploadContext,
): Promise<UploadInstructions | Failure | { next: Stage }> {
  const { put } = entry
  entry.put = null
  if (put && Date.now() - put.receivedAt < URL_MAX_AGE_MS) return put.instructions
  const answer = await context.transport.renew(fileId)
  if (!answer.ok) return stepAfter(entry, answer, context)
  if (answer.value.method === "multipart") applyInstructions(entry, answer.value, context)
  return answer.value
}

function stepAfter(
  entry: Entry,
  answer: FailedAnswer,
  context: UploadContext,
): Failure | { next: Stage } {
  if (answer.status === 404) return restartUpload(entry, context)
  // An earlier finish succeeded and only its answer was lost.
  return answer.status === 409 ? { next: "finish" } : appFailure(answer)
}

async function sendInOnePut(
  entry: Entry,
  { url, headers }: SinglePut,
  signal: AbortSignal,
  context: UploadContext,
): Promise<StepResult> {
  const { transport } = context
  context.change(entry, { sentBytes: 0 })
  const answer = await transport.put({
    url,
    headers,
    body: entry.source.body,
    signal,
    onProgress(sentBytes) {
      if (!signal.aborted) context.progress(entry, sentBytes)
    },
  })
  // 412: the URL never overwrites, so an earlier attempt stored the whole file.
  if (answer.ok || answer.status === 412) return { next: "finish" }
  entry.rate.reset()
  return putFailure(answer, transport.isOnline())
}

async function sendInParts(
  entry: Entry,
  fileId: string,
  layout: PartLayout,
  signal: AbortSignal,
  context: UploadContext,
): Promise<StepResult> {
  if (!entry.storedParts) {
    const answer = await context.transport.listParts(fileId)
    if (!answer.ok) return stepAfter(entry, answer, context)
    const whole = answer.value.filter(({ partNumber, size }) => size === layout.sizeOf(partNumber))
    entry.storedParts = new Set(whole.map(({ partNumber }) => partNumber))
  }
  if (signal.aborted) return { next: "send" }

  const { storedParts } = entry
  // Hashing the parts reads every byte. If some are stored already, the file is read for its hash.
  const partsEnd = new AbortController()
  if (!layout.checksums || storedParts.size > 0) partsEnd.abort()
  const { body } = entry.source
  entry.sha256 ??= context.hasher.whole(body, entry.lifetime.signal, partsEnd.signal)
  const showStored = () => context.change(entry, { sentBytes: layout.totalSizeOf(storedParts) })
  showStored()
  const { waker } = entry
  const pause = entry.pause.signal
  const shown = showParts(entry, signal, context)
  const outcome = await sendParts(
    { fileId, layout, storedParts, signal, pause, waker, ...shown },
    context,
  )
  partsEnd.abort()
  if (outcome === "stored" || outcome === "complete") return { next: "finish" }
  // The store may have parts whose answers were lost.
  entry.storedParts = null
  showStored()
  return stepAfterParts(entry, outcome, context)
}

const showParts = (entry: Entry, signal: AbortSignal, context: UploadContext) => ({
  onProgress(sentBytes: number) {
    if (!signal.aborted) context.progress(entry, sentBytes)
  },
  onDelay(delay: RetryDelay | null) {
    if (signal.aborted || entry.pause.signal.aborted) return
    if (delay) showDelay(entry, delay, context)
    else if (entry.view.state === "waiting")
      context.change(entry, { state: "sending", ...noProblem })
  },
})

function stepAfterParts(
  entry: Entry,
  outcome: Exclude<PartsOutcome, "stored" | "complete">,
  context: UploadContext,
): StepResult {
  if (outcome === "gone") return restartUpload(entry, context)
  // The upload in the store starts again when the app is asked for the stored parts.
  if (outcome === "lost") return storeRefused
  return outcome === "aborted" || outcome === "paused" ? { next: "send" } : outcome
}
