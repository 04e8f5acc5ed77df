import "client-only"
import type { Slots } from "./concurrency.ts"
import { type Failure, putFailure, refusal, type Tries, unreadable, type Wait } from "./failure.ts"
import type { Hasher } from "./hasher.ts"
import type { PartsMeasure } from "./part-layout.ts"
import { createPartAddresses } from "./part-urls.ts"
import type { UploadTransport } from "./upload-transport.ts"

/** Parts of one file on their way at the same time. */
const LANES = 4
/** On a line slower than this an address is signed when its turn has come. */
const HURRIED_MS = 15_000

export type PartsWorld = {
  transport: UploadTransport
  hasher: Hasher
  slots: Slots
  newTries: () => Tries
  /** Until the time has come, or somebody says "now". */
  wait: (wait: Wait, signal: AbortSignal) => Promise<void>
}

type PartsJob = {
  fileId: string
  measure: PartsMeasure
  /** Numbers of the parts the store has. Grows. */
  stored: Set<number>
  signal: AbortSignal
  /** Bytes of finished parts and of running ones; falls when a part has to begin again. */
  onProgress: (sentBytes: number) => void
  /** Null: something moves. Otherwise everything that is left waits, this long at least. */
  onWait: (wait: Wait | null) => void
}

/** `gone`: the app gave the file up. `lost`: the store did. `complete`: the app has it already. `aborted`: the signal said so. */
export type PartsOutcome = "stored" | "gone" | "lost" | "complete" | "aborted" | Failure

/** Sends the missing parts, several at a time. A part that fails is sent again alone; only when it is hopeless the others stop too. */
export async function sendParts(job: PartsJob, world: PartsWorld): Promise<PartsOutcome> {
  const { measure, stored, fileId } = job
  const { transport, slots } = world
  const todo = Array.from({ length: measure.partCount }, (_, index) => index + 1).filter(
    (number) => !stored.has(number),
  )
  const upcoming = (count: number) => todo.slice(0, count)
  const addresses = createPartAddresses({ ...world, fileId, measure, upcoming })

  const running = new Map<number, number>()
  const waiting = new Set<Wait>()
  let storedBytes = measure.bytesOf(stored)
  let lanes = Math.min(LANES, todo.length)
  let hurried = true
  let ended: PartsOutcome | null = null
  const end = new AbortController()
  const signal = AbortSignal.any([job.signal, end.signal])

  const tell = () => {
    let runningBytes = 0
    for (const bytes of running.values()) runningBytes += bytes
    job.onProgress(storedBytes + runningBytes)
  }

  /** Null once the store has it. */
  async function attempt(number: number): Promise<PartsOutcome | null> {
    const address = await addresses.take(number, hurried)
    if (signal.aborted) return "aborted"
    if (!address.ok) {
      if (address.status === 404) return "gone"
      // The bytes are there and only the answer was lost.
      return address.status === 409 ? "complete" : refusal(address)
    }
    if (!address.value) return unreadable
    const { url, headers } = address.value
    const body = measure.slice(number)
    const begun = Date.now()
    const answer = await transport.put({
      url,
      headers,
      body,
      signal,
      onProgress(sentBytes) {
        if (signal.aborted) return
        running.set(number, Math.min(sentBytes, body.size))
        tell()
      },
    })
    running.delete(number)
    if (answer.ok) {
      hurried = Date.now() - begun < HURRIED_MS
      stored.add(number)
      storedBytes += body.size
      tell()
      return null
    }
    if (signal.aborted) return "aborted"
    if (answer.status === 404) return "lost"
    tell()
    if (!(await transport.isReadable(body))) return unreadable
    return putFailure(answer, transport.isOnline())
  }

  async function rest(failure: Failure, tries: Tries) {
    const wait = tries.after(failure)
    if (!wait) return false
    waiting.add(wait)
    if (waiting.size === lanes) job.onWait(soonest(waiting) ?? wait)
    await world.wait(wait, signal)
    waiting.delete(wait)
    if (!signal.aborted) job.onWait(null)
    return true
  }

  async function lane(): Promise<PartsOutcome> {
    const tries = world.newTries()
    let again: number | undefined
    for (;;) {
      const release = await slots.take(signal)
      if (!release) return "aborted"
      // Taken only now, so that the first lane has the first parts signed for all.
      const number = again ?? todo.shift()
      if (number === undefined) {
        release()
        return "stored"
      }
      const outcome = await attempt(number).finally(release)
      if (outcome === null) {
        again = undefined
        tries.reset()
        continue
      }
      if (typeof outcome === "string") return outcome
      if (!(await rest(outcome, tries))) return { ...outcome, final: true }
      again = number
    }
  }

  async function run() {
    const outcome = await lane()
    lanes -= 1
    if (outcome !== "stored") {
      ended ??= job.signal.aborted ? "aborted" : outcome
      end.abort()
    } else if (lanes > 0 && waiting.size === lanes) {
      const wait = soonest(waiting)
      if (wait) job.onWait(wait)
    }
  }

  await Promise.all(Array.from({ length: lanes }, run))
  return ended ?? "stored"
}

const soonest = (waits: Iterable<Wait>) =>
  Array.from(waits).sort((a, b) => (a.retryAt ?? 0) - (b.retryAt ?? 0))[0]
