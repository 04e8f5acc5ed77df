import "client-only"
import { createSemaphore } from "../concurrency.ts"
import type { HashRequest, HashResult } from "./hash-scheduler.ts"

export type PartPosition = { file: Blob; offset: number }

/** Computes SHA-256 as 64 hexadecimal digits; null if the bytes cannot be read. Never throws. */
export type Hasher = {
  /**
   * Hashes at most 16 MiB for which an upload waits: a part, a sample or a small file. A part with
   * a position also goes into the hash of its file, so that its bytes are read only once.
   */
  part(body: Blob, position?: PartPosition): Promise<string | null>
  /**
   * Hashes a whole file of any size. Until `partsEnd` aborts, its bytes are taken from its parts;
   * without `partsEnd` the file is read at once. Null if `signal` aborts or the worker fails.
   */
  whole(body: Blob, signal: AbortSignal, partsEnd?: AbortSignal): Promise<string | null>
}

/** The number of parts hashed at the same time. Each is in memory meanwhile. */
const PARTS_AT_ONCE = 2

/** Creates a hasher with one Web Worker, which starts at the first request. */
export function createHasher(createWorker: () => Worker = createHashWorker): Hasher {
  const client = createWorkerClient(createWorker)
  const partSlots = createSemaphore(PARTS_AT_ONCE)
  const never = new AbortController().signal
  /** The ids of requests for whole files, which are hashed from the bytes that their parts read. */
  const wholes = new WeakMap<Blob, number>()

  return {
    async part(body, position) {
      const release = await partSlots.acquire(never)
      try {
        const wholeId = position && wholes.get(position.file)
        const whole =
          position && wholeId !== undefined ? { id: wholeId, offset: position.offset } : null
        const result = await client.request((send, id) => send({ id, kind: "part", body, whole }))
        // The app may expect a digest of every part, so a failed worker must not leave one out.
        return result ?? (await hashWithoutWorker(body))
      } finally {
        release?.()
      }
    },

    async whole(body, signal, partsEnd) {
      if (signal.aborted) return null
      let stop = () => {}
      let readRest = () => {}
      const result = await client.request((send, id) => {
        stop = () => send({ id, kind: "stop" })
        readRest = () => send({ id, kind: "rest" })
        send({ id, kind: "whole", body })
        signal.addEventListener("abort", stop, { once: true })
        if (!partsEnd || partsEnd.aborted) return readRest()
        wholes.set(body, id)
        partsEnd.addEventListener("abort", readRest, { once: true })
      })
      signal.removeEventListener("abort", stop)
      partsEnd?.removeEventListener("abort", readRest)
      wholes.delete(body)
      return result
    },
  }
}

// Bundlers find the worker's file only in this form.
const createHashWorker = () =>
  new Worker(new URL("./hash-worker.ts", import.meta.url), { type: "module" })

type SendRequests = (send: (request: HashRequest) => void, id: number) => void

/** Matches results to requests. Once the worker fails online, all requests resolve to null. */
function createWorkerClient(createWorker: () => Worker) {
  const pending = new Map<number, (result: string | null) => void>()
  let worker: Worker | "failed" | null = null
  let lastId = 0

  function settle(id: number, result: string | null) {
    pending.get(id)?.(result)
    pending.delete(id)
  }

  function open(): Worker | null {
    if (worker) return worker === "failed" ? null : worker
    try {
      const created = createWorker()
      worker = created
      created.addEventListener("message", ({ data }: MessageEvent<HashResult>) =>
        settle(data.id, data.sha256),
      )
      created.addEventListener("error", () => {
        // Offline, the worker's script could not be loaded. A later request tries again.
        worker = navigator.onLine === false ? null : "failed"
        created.terminate()
        for (const id of Array.from(pending.keys())) settle(id, null)
      })
      return created
    } catch {
      worker = "failed"
      return null
    }
  }

  return {
    request(sendRequests: SendRequests) {
      const opened = open()
      if (!opened) return Promise.resolve(null)
      const id = ++lastId
      return new Promise<string | null>((resolve) => {
        pending.set(id, resolve)
        sendRequests((request) => opened.postMessage(request), id)
      })
    },
  }
}

async function hashWithoutWorker(body: Blob) {
  try {
    const { sha256 } = await import("../../transfer/sha256.ts")
    return await sha256(body)
  } catch {
    return null
  }
}
