import "client-only"
import { isActive } from "../upload.ts"
import { runUpload } from "./run-upload.ts"
import type { UploadContext } from "./upload-context.ts"
import type { Entry } from "./upload-entry.ts"
import type { UploadList } from "./upload-list.ts"

/** The number of uploads that get their records at the same time: enough for the next calls. */
const MAX_STARTING = 1_000

type UploadQueueOptions = {
  list: UploadList
  context: UploadContext
  /** The number of uploads that send bytes at the same time. */
  concurrency: number
}

/**
 * Runs queued uploads in the order they were added. All get their records at once, so that a link
 * can include them, and a few at a time send their bytes.
 */
export function createUploadQueue({ list, context, concurrency }: UploadQueueOptions) {
  let isPumping = false

  /** Pumps once after runs that end together: each pump looks at all uploads. */
  function pumpSoon() {
    if (isPumping) return
    isPumping = true
    queueMicrotask(() => {
      isPumping = false
      pump()
    })
  }

  function pump() {
    const entries = list.all()
    const running = entries.filter((entry) => entry.run !== null)
    const starting = running.filter(({ stage }) => stage === "start").length
    const free = { start: MAX_STARTING - starting, send: concurrency - running.length + starting }
    for (const entry of entries) {
      if (entry.view.state !== "queued" || entry.run) continue
      const kind = entry.stage === "start" ? "start" : "send"
      if (free[kind] <= 0) continue
      free[kind] -= 1
      void run(entry)
    }
    context.records.sendSoon()
  }

  async function run(entry: Entry) {
    const controller = new AbortController()
    entry.run = controller
    entry.pause = new AbortController()
    await runUpload(entry, controller.signal, context)
    // A pause and resume may have started another run meanwhile.
    if (entry.run === controller) {
      entry.run = null
      if (entry.pause.signal.aborted && isActive(entry.view)) requeue(entry)
    }
    pumpSoon()
  }

  function requeue(entry: Entry) {
    entry.retries.reset()
    list.change(entry, { state: "queued", problem: null, retryAt: null, bytesPerSecond: null })
  }

  function stop(entry: Entry) {
    const { run: controller } = entry
    entry.run = null
    controller?.abort()
    // Parts in flight may have been stored.
    entry.storedParts = null
    entry.rate.reset()
  }

  return {
    pump,
    stop,

    requeue,

    /** Pauses the current run. Parts in flight are completed, so that no sent bytes are lost. */
    pause(entry: Entry) {
      if (entry.run && entry.layout && entry.stage === "send") {
        entry.pause.abort()
        entry.rate.reset()
      } else stop(entry)
    },

    /** Continues a paused upload, once its parts in flight are complete. */
    resume(entry: Entry) {
      if (entry.run) list.change(entry, { state: "sending" })
      else requeue(entry)
    },

    remove(entry: Entry) {
      list.remove(entry)
      entry.lifetime.abort()
      stop(entry)
    },
  }
}

export type UploadQueue = ReturnType<typeof createUploadQueue>
