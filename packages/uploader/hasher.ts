import "client-only"
import { createSlots } from "./concurrency.ts"
import type { HashOrder, HashResult } from "./hash-scheduler.ts"

/** Where a part lies in its file. */
export type Place = { of: Blob; at: number }

/** SHA-256 as 64 hexadecimal digits; null when nobody can tell. Never throws. */
export type Hasher = {
  /** Something small that somebody waits for: a part, a sample. A part with a place saves its file's hash the reading. */
  part(body: Blob, place?: Place): Promise<string | null>
  /** A whole file of any size. Until `fed` ends its parts bring the bytes; without it they are read at once. */
  whole(body: Blob, signal: AbortSignal, fed?: AbortSignal): Promise<string | null>
}

/** Two parts of at most 16 MiB are in memory at a time. */
const PARTS_AT_ONCE = 2

type Ask = (send: (order: HashOrder) => void, id: number) => void

/** Hashes in one worker of its own, made at the first need. */
export function createHasher(makeWorker: () => Worker): Hasher {
  const parts = createSlots(PARTS_AT_ONCE)
  const never = new AbortController().signal
  const waiting = new Map<number, (result: string | null) => void>()
  /** Orders for whole files that are under way. */
  const wholes = new WeakMap<Blob, number>()
  let worker: Worker | "broken" | null = null
  let orders = 0

  function open(): Worker | null {
    if (worker) return worker === "broken" ? null : worker
    try {
      const made = makeWorker()
      worker = made
      made.addEventListener("message", ({ data }: MessageEvent<HashResult>) =>
        settle(data.id, data.sha256),
      )
      made.addEventListener("error", () => {
        worker = "broken"
        made.terminate()
        for (const id of Array.from(waiting.keys())) settle(id, null)
      })
      return made
    } catch {
      worker = "broken"
      return null
    }
  }

  function settle(id: number, result: string | null) {
    waiting.get(id)?.(result)
    waiting.delete(id)
  }

  function order(ask: Ask) {
    const worker = open()
    if (!worker) return Promise.resolve(null)
    const id = ++orders
    return new Promise<string | null>((resolve) => {
      waiting.set(id, resolve)
      ask((order) => worker.postMessage(order), id)
    })
  }

  async function part(body: Blob, place?: Place) {
    const release = await parts.take(never)
    try {
      const whole = place && wholes.get(place.of)
      const of = place && whole !== undefined ? { id: whole, at: place.at } : null
      // The app may have been promised a digest of every part, so a broken worker is no excuse.
      return (
        (await order((send, id) => send({ id, kind: "part", body, of }))) ?? (await hashHere(body))
      )
    } finally {
      release?.()
    }
  }

  async function whole(body: Blob, signal: AbortSignal, fed?: AbortSignal) {
    if (signal.aborted) return null
    let stop = () => {}
    let rest = () => {}
    const result = await order((send, id) => {
      stop = () => send({ id, kind: "stop" })
      rest = () => send({ id, kind: "rest" })
      send({ id, kind: "whole", body })
      signal.addEventListener("abort", stop, { once: true })
      if (!fed || fed.aborted) return rest()
      wholes.set(body, id)
      fed.addEventListener("abort", rest, { once: true })
    })
    signal.removeEventListener("abort", stop)
    fed?.removeEventListener("abort", rest)
    wholes.delete(body)
    return result
  }

  return { part, whole }
}

async function hashHere(body: Blob) {
  try {
    const { sha256 } = await import("./sha256.ts")
    return await sha256(body)
  } catch {
    return null
  }
}
