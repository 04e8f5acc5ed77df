import "client-only"
import { refusal } from "./failure.ts"
import { sendUpload } from "./send-upload.ts"
import { beginAnew, startUpload } from "./start-upload.ts"
import { calm, type RunWorld, type Step, settle, showWait } from "./upload-context.ts"
import type { Entry } from "./upload-entry.ts"

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

/** Has the app make the file, and leaves the bytes to a later run. */
export async function announceUpload(entry: Entry, signal: AbortSignal, world: RunWorld) {
  const step = await startUpload(entry, signal, world)
  if ("next" in step) entry.stage = step.next
  // A refusal is told when its turn comes.
  if (!signal.aborted) world.change(entry, { state: "queued", ...calm })
}

function take(entry: Entry, signal: AbortSignal, world: RunWorld): Promise<Step> {
  if (entry.stage === "start") return startUpload(entry, signal, world)
  if (entry.stage === "send") return sendUpload(entry, signal, world)
  return finish(entry, signal, world)
}

async function finish(entry: Entry, signal: AbortSignal, world: RunWorld): Promise<Step> {
  if (!entry.fileId) return { next: "start" }
  world.change(entry, { state: "finishing", ...calm, bytesPerSecond: null })
  const sha256 = await entry.sha256
  if (signal.aborted) return { next: "finish" }
  const answer = await world.transport.finish(entry.fileId, sha256)
  if (answer.ok) return { stored: answer.value }
  if (answer.status === 404) return beginAnew(entry, world)
  // The store has not got these bytes after all.
  if (answer.status === 409) {
    entry.stage = "send"
    entry.stored = null
    return { ...refusal(answer), final: false }
  }
  return refusal(answer)
}
