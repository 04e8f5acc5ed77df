import "client-only"
import type { Watchdog } from "./watchdog.ts"

/** Handing on a network's small chunks one by one would cost more than copying them together. */
const BLOCK_BYTES = 1024 ** 2
/** On a slow line a block is handed on after this time. */
const BLOCK_MS = 500

/** `isLast`: the body has ended or the connection is lost. */
type Block = { bytes: Uint8Array<ArrayBuffer>; isLast: boolean }

/** Reads a body in blocks, each in a buffer of its own, which may be transferred. */
export function openBlocks(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = body.getReader()
  /** What did not fit into the block before. */
  let rest: Uint8Array<ArrayBuffer> | null = null

  return {
    /** At most `most` bytes; fewer than a block when they come slowly. Never throws. */
    async next(most: number, watchdog: Watchdog): Promise<Block> {
      const block = new Uint8Array(Math.min(BLOCK_BYTES, most))
      const startedAt = Date.now()
      let length = 0
      while (length < block.length && (length === 0 || Date.now() - startedAt < BLOCK_MS)) {
        if (!rest) {
          watchdog.start()
          const read = await reader.read().catch(() => null)
          watchdog.stop()
          if (!read || read.done) return { bytes: block.slice(0, length), isLast: true }
          rest = read.value
        }
        const taken: Uint8Array<ArrayBuffer> = rest.subarray(0, block.length - length)
        block.set(taken, length)
        length += taken.length
        rest = taken.length < rest.length ? rest.subarray(taken.length) : null
      }
      return { bytes: length < block.length ? block.slice(0, length) : block, isLast: false }
    },
    close: () => void reader.cancel().catch(() => {}),
  }
}
