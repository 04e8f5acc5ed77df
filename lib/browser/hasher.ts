import "client-only"
import type { HashOrder, HashResult } from "./hash-worker.ts"
import { createSlots } from "./slots.ts"

/** SHA-256 as 64 hexadecimal digits; null when nobody can tell. Never throws. */
export type Hasher = {
  /** Something small that somebody waits for: a part, a sample. */
  part(body: Blob): Promise<string | null>
  /** A whole file of any size, one after another. */
  whole(body: Blob, signal: AbortSignal): Promise<string | null>
}

/** Two parts of at most 16 MiB are in memory at a time. */
const PARTS_AT_ONCE = 2

/** Hashes in one worker of its own, made at the first need. */
export function createHasher(makeWorker: () => Worker): Hasher {
  const parts = createSlots(PARTS_AT_ONCE)
  const wholes = createSlots(1)
  const never = new AbortController().signal
  const waiting = new Map<number, (result: string | null) => void>()
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

  function ask(kind: "part" | "whole", body: Blob, signal: AbortSignal) {
    const worker = open()
    if (!worker || signal.aborted) return Promise.resolve(null)
    const id = ++orders
    const send = (order: HashOrder) => worker.postMessage(order)
    return new Promise<string | null>((resolve) => {
      const stop = () => send({ id, kind: "stop" })
      waiting.set(id, (result) => {
        signal.removeEventListener("abort", stop)
        resolve(result)
      })
      signal.addEventListener("abort", stop, { once: true })
      send({ id, kind, body })
    })
  }

  async function within(
    slots: typeof parts,
    signal: AbortSignal,
    act: () => Promise<string | null>,
  ) {
    const release = await slots.take(signal)
    if (!release) return null
    try {
      return await act()
    } finally {
      release()
    }
  }

  return {
    part: (body) =>
      within(
        parts,
        never,
        // The app may have been promised a digest of every part, so a broken worker is no excuse.
        async () => (await ask("part", body, never)) ?? hashHere(body),
      ),
    whole: (body, signal) => within(wholes, signal, () => ask("whole", body, signal)),
  }
}

async function hashHere(body: Blob) {
  try {
    const { sha256 } = await import("./sha256.ts")
    return await sha256(body)
  } catch {
    return null
  }
}
