import "client-only"
import { createSemaphore } from "./concurrency.ts"
import type { NewFile, UploadTransport } from "./transport/upload-transport.ts"
import type { Answer, StartedFile } from "./upload-protocol.ts"

/** The maximum number of files that the app takes in one call. */
const MAX_FILES = 500
/** The number of files that are read at the same time to compute their digests. */
const PREPARED_AT_ONCE = 4
/** How long a prepared file waits for others that are still being read, in milliseconds. */
const WAIT_MS = 200

const NO_ANSWER = { ok: false, status: 0, message: null, retryAfterSeconds: null } as const

type Waiting = {
  file: NewFile
  signal: AbortSignal
  resolve: (answer: Answer<StartedFile> | null) => void
}

/**
 * Has the app create the records of many files in few calls, one call at a time. A few files are
 * sent in one call once all are prepared. Of many files, those that are prepared go first. `room`
 * returns the number of records that the app takes now.
 */
export function createRecordBatches(start: UploadTransport["start"], room: () => number) {
  const slots = createSemaphore(PREPARED_AT_ONCE)
  let waiting: Waiting[] = []
  let preparing = 0
  let isSending = false
  let timer: ReturnType<typeof setTimeout> | null = null

  function sendSoon() {
    if (isSending || waiting.length === 0 || room() <= 0) return
    if (preparing === 0 || waiting.length >= MAX_FILES) void send()
    else timer ??= setTimeout(send, WAIT_MS)
  }

  async function send() {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const isLeft = ({ signal }: Waiting) => signal.aborted
    for (const { resolve } of waiting.filter(isLeft)) resolve(null)
    waiting = waiting.filter((one) => !isLeft(one))
    const batch = waiting.splice(0, Math.min(MAX_FILES, room()))
    if (batch.length === 0) return
    isSending = true
    const answers = await start(batch.map(({ file }) => file))
    batch.forEach(({ resolve }, at) => {
      resolve(answers.ok ? (answers.value[at] ?? NO_ANSWER) : answers)
    })
    // Later, once the uploads have taken their answers, which `room` counts.
    setTimeout(() => {
      isSending = false
      sendSoon()
    })
  }

  return {
    /** Sends those that wait, as far as there is room. */
    sendSoon,

    /**
     * Prepares a file and resolves with the app's answer to it. Resolves with the result of
     * `prepare` if it is not a file, and with null if the signal aborted before the call.
     */
    async create<Other extends object>(
      signal: AbortSignal,
      prepare: () => Promise<NewFile | Other>,
    ): Promise<Answer<StartedFile> | Other | null> {
      preparing += 1
      const release = await slots.acquire(signal)
      const prepared = release && (await prepare())
      release?.()
      preparing -= 1
      const answer =
        prepared && "digests" in prepared
          ? new Promise<Answer<StartedFile> | null>((resolve) => {
              waiting.push({ file: prepared, signal, resolve })
            })
          : prepared
      sendSoon()
      return answer
    },
  }
}

export type RecordBatches = ReturnType<typeof createRecordBatches>
