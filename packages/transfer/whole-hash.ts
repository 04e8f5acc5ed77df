import "client-only"
import { createSHA256 } from "hash-wasm"
import { SLICE_BYTES, slicesOf } from "./sha256.ts"

/** The maximum number of bytes that are kept although they arrived too early. */
const EARLY_BYTES = 4 * SLICE_BYTES

type Options = {
  earlyBytes?: number
  /** Called with bytes that were fed and are no longer needed. */
  onUsed?: (bytes: Uint8Array<ArrayBuffer>) => void
}

/** Computes a file's SHA-256 from bytes fed roughly in order, and reads the rest at the end. */
export async function createWholeHash(
  size: number,
  { earlyBytes = EARLY_BYTES, onUsed }: Options = {},
) {
  const hash = await createSHA256()
  hash.init()
  const early = new Map<number, Uint8Array<ArrayBuffer>>()
  let next = 0
  let takesBytes = true

  function drain() {
    for (let bytes = early.get(next); bytes; bytes = early.get(next)) {
      early.delete(next)
      hash.update(bytes)
      next += bytes.length
      onUsed?.(bytes)
    }
  }

  return {
    isDone: () => next >= size,

    /** Adds the bytes that begin at `at`. Ignores bytes that are already hashed. */
    feed(bytes: Uint8Array<ArrayBuffer>, at: number) {
      if (!takesBytes || at < next) return onUsed?.(bytes)
      early.set(at, bytes)
      drain()
      let waitingBytes = 0
      for (const { length } of early.values()) waitingBytes += length
      // Bytes before these are missing, so these are read again at the end.
      if (waitingBytes > earlyBytes && early.delete(at)) onUsed?.(bytes)
    },

    /** Reads the remaining bytes. Throws if they can no longer be read or `stop` aborts. */
    async readRest(body: Blob, stop: AbortSignal) {
      takesBytes = false
      early.clear()
      for await (const { bytes } of slicesOf(body, next)) {
        stop.throwIfAborted()
        hash.update(bytes)
        next += bytes.length
      }
    },

    digest: () => hash.digest("hex"),
  }
}

export type WholeHash = Awaited<ReturnType<typeof createWholeHash>>
