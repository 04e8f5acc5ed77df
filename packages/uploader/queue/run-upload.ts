import "client-only"
import { wait } from "../../transfer/wait.ts"
import { appFailure } from "../transport/failure.ts"
import { requestUpload, restartUpload } from "./request-upload.ts"
import { sendUpload } from "./send-upload.ts"
import {
  noProblem,
  releaseUpload,
  type StepResult,
  showDelay,
  type UploadContext,
} from "./upload-context.ts"
import type { Entry } from "./upload-entry.ts"

/**
 * Runs one upload until it is stored or has failed, has got a record or needs a new one, or the
 * signal aborts. A later run continues from there.
 */
export async function runUpload(entry: Entry, signal: AbortSignal, context: UploadContext) {
  const hadRecord = entry.stage !== "start"
  while (!signal.aborted) {
    const step = await runStage(entry, signal, context)
    if (signal.aborted) return
    if ("next" in step) entry.stage = step.next
    if ("stored" in step) {
      releaseUpload(entry, context)
      const { stored: file } = step
      const sentBytes = entry.view.size
      const earlier = hadRecord ? {} : ({ fileId: file.id, earlier: "arrived" } as const)
      context.change(entry, { state: "stored", file, ...earlier, sentBytes, bytesPerSecond: null })
      if (hadRecord) context.onStored(file, entry.source.body, entry.replaces)
      return
    }
    if ("taken" in step) return context.change(entry, { state: "taken", ...step })
    // The upload was paused, and its last parts have ended.
    if (entry.pause.signal.aborted) return
    if ("next" in step && (step.next !== "start") !== hadRecord) {
      context.change(entry, { state: "queued", ...noProblem, bytesPerSecond: null })
      return
    }
    if (!("next" in step)) {
      const delay = entry.retries.delayAfter(step)
      if (!delay) {
        const { problem, over } = step
        if (over) restartUpload(entry, context)
        context.change(entry, { state: "failed", problem, retryAt: null, bytesPerSecond: null })
        return
      }
      showDelay(entry, delay, context)
      await wait(delay.ms, signal, entry.waker, "wake")
    }
  }
}

function runStage(entry: Entry, signal: AbortSignal, context: UploadContext): Promise<StepResult> {
  if (entry.stage === "start") return requestUpload(entry, signal, context)
  if (entry.stage === "send") return sendUpload(entry, signal, context)
  return finishUpload(entry, signal, context)
}

async function finishUpload(
  entry: Entry,
  signal: AbortSignal,
  context: UploadContext,
): Promise<StepResult> {
  if (!entry.fileId) return { next: "start" }
  context.change(entry, { state: "finishing", ...noProblem, bytesPerSecond: null })
  const sha256 = await entry.sha256
  if (signal.aborted) return { next: "finish" }
  const answer = await context.transport.finish(entry.fileId, sha256)
  if (answer.ok) return { stored: answer.value }
  if (answer.status === 404) return restartUpload(entry, context)
  // The store does not have all the bytes, so the missing ones are sent.
  if (answer.status === 409) {
    entry.stage = "send"
    entry.storedParts = null
    return { ...appFailure(answer), final: false }
  }
  return appFailure(answer)
}
