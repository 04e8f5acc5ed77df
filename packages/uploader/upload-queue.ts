import "client-only"
import { registerUpload, runUpload } from "./run-upload.ts"
import { isActive } from "./upload.ts"
import type { UploadContext } from "./upload-context.ts"
import type { Entry } from "./upload-entry.ts"
import type { UploadList } from "./upload-list.ts"

/** The number of records that `register` has the app create at the same time. */
const REGISTERED_AT_ONCE = 4

type UploadQueueOptions = {
  list: UploadList
  context: UploadContext
  /** The number of uploads that run at the same time. */
  concurrency: number
  /** Adds a listener for changes and returns the function that removes it. */
  subscribe: (listener: () => void) => () => void
}

/** Runs queued uploads in the order they were added, a few at a time. */
export function createUploadQueue({ list, context, concurrency, subscribe }: UploadQueueOptions) {
  /** Starts queued uploads up to the limit. */
  function pump() {
    const entries = list.all()
    let running = entries.filter(({ run }) => run !== null).length
    for (const entry of entries) {
      if (running >= concurrency) return
      if (entry.view.state !== "queued" || entry.run) continue
      running += 1
      void run(entry, runUpload)
    }
  }

  async function run(entry: Entry, work: typeof runUpload) {
    const controller = new AbortController()
    entry.run = controller
    entry.pause = new AbortController()
    await work(entry, controller.signal, context)
    // A pause and resume may have started another run meanwhile.
    if (entry.run === controller) {
      entry.run = null
      if (entry.pause.signal.aborted && isActive(entry.view)) requeue(entry)
    }
    pump()
  }

  function requeue(entry: Entry) {
    entry.retries.reset()
    list.change(entry, { state: "queued", problem: null, retryAt: null, bytesPerSecond: null })
  }

  /** Stops the current run. */
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

    /** Pauses the current run. Parts in flight end, so that their sent bytes are not lost. */
    pause(entry: Entry) {
      if (entry.run && entry.layout && entry.stage === "send") {
        entry.pause.abort()
        entry.rate.reset()
      } else stop(entry)
    },

    /** Continues a paused upload, once its parts in flight have ended. */
    resume(entry: Entry) {
      if (entry.run) list.change(entry, { state: "sending" })
      else requeue(entry)
    },

    remove(entry: Entry) {
      list.remove(entry)
      entry.lifetime.abort()
      stop(entry)
    },

    /** Has the app create the records of all queued uploads; resolves when it has answered. */
    async register() {
      const entries = list.all().values()
      const registerNext = async () => {
        for (const entry of entries) if (isUnregistered(entry)) await run(entry, registerUpload)
      }
      await Promise.all(Array.from({ length: REGISTERED_AT_ONCE }, registerNext))
      await untilAnswered(list, subscribe)
    },
  }
}

export type UploadQueue = ReturnType<typeof createUploadQueue>

const isUnregistered = ({ view, fileId, run }: Entry) =>
  view.state === "queued" && fileId === null && run === null

/** Resolves when no upload waits for the app to create its record. */
function untilAnswered(list: UploadList, subscribe: UploadQueueOptions["subscribe"]) {
  const isWaiting = ({ view, fileId }: Entry) => view.state === "starting" && fileId === null
  return new Promise<void>((resolve) => {
    const check = () => {
      if (list.all().some(isWaiting)) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = subscribe(check)
    check()
  })
}
