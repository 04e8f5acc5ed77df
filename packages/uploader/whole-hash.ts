import "client-only"
import { createSHA256 } from "hash-wasm"
import { SLICE_BYTES, slicesOf } from "./sha256.ts"

/** Bytes that came before their turn and may wait for it. */
const EARLY_BYTES = 4 * SLICE_BYTES

/**
 * SHA-256 of a whole file whose bytes others read anyway: they feed what they have read, in about
 * the file's order, and what nobody brought is read here in the end.
 */
export async function createWholeHash(body: Blob) {
  const hash = await createSHA256()
  hash.init()
  const early = new Map<number, Uint8Array>()
  let next = 0
  let isFed = true

  function drain() {
    for (let bytes = early.get(next); bytes; bytes = early.get(next)) {
      early.delete(next)
      hash.update(bytes)
      next += bytes.length
    }
  }

  return {
    isDone: () => next >= body.size,

    /** Bytes that begin at `at`. Those it had already are nothing new. */
    feed(bytes: Uint8Array, at: number) {
      if (!isFed || at < next) return
      early.set(at, bytes)
      drain()
      let waiting = 0
      for (const { length } of early.values()) waiting += length
      // A hole: what comes after it will be read again.
      if (waiting > EARLY_BYTES) early.delete(at)
    },

    /** Reads what is left. Throws when it can no longer be read or `stop` says so. */
    async readRest(stop: AbortSignal) {
      isFed = false
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
