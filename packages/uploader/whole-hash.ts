import "client-only"
import { createSHA256 } from "hash-wasm"
import { SLICE_BYTES, slicesOf } from "./sha256.ts"

/** Bytes that arrive out of order and are kept until their turn. */
const EARLY_BYTES = 4 * SLICE_BYTES

/**
 * SHA-256 of a whole file from bytes that are read for its parts anyway. They are fed in roughly
 * the file's order; what was not fed is read at the end.
 */
export async function createWholeHash(body: Blob) {
  const hash = await createSHA256()
  hash.init()
  const early = new Map<number, Uint8Array>()
  let next = 0
  let takesBytes = true

  function drain() {
    for (let bytes = early.get(next); bytes; bytes = early.get(next)) {
      early.delete(next)
      hash.update(bytes)
      next += bytes.length
    }
  }

  return {
    isDone: () => next >= body.size,

    /** Adds the bytes that begin at `at`. Bytes that are hashed already are ignored. */
    feed(bytes: Uint8Array, at: number) {
      if (!takesBytes || at < next) return
      early.set(at, bytes)
      drain()
      let earlyBytes = 0
      for (const { length } of early.values()) earlyBytes += length
      // Bytes are missing in between: what comes after them is read again at the end.
      if (earlyBytes > EARLY_BYTES) early.delete(at)
    },

    /** Reads what is left. Throws when it can no longer be read or `stop` aborts. */
    async readRest(stop: AbortSignal) {
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
