import "client-only"
import type { Watchdog } from "./watchdog.ts"

/** Handing on a network's small chunks one by one would cost more than gathering them. */
const BLOCK_BYTES = 1024 ** 2
/** On a slow line a block is handed on after this time. */
const BLOCK_MS = 500

/** `isLast`: the body has ended or the connection is lost. */
type Block = { bytes: Uint8Array<ArrayBuffer>; isLast: boolean }

/**
 * Reads a body in blocks, each in a buffer of its own, which may be transferred. The network writes
 * straight into it where the browser can.
 */
export function openBlocks(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = openReader(body)
  return {
    /** At most `most` bytes; fewer than a block when they come slowly. Never throws. */
    async next(most: number, watchdog: Watchdog): Promise<Block> {
      const size = Math.min(BLOCK_BYTES, most)
      const startedAt = Date.now()
      let buffer = new ArrayBuffer(size)
      let length = 0
      while (length < size && (length === 0 || Date.now() - startedAt < BLOCK_MS)) {
        watchdog.start()
        const read = await reader.readInto(buffer, length).catch(() => null)
        watchdog.stop()
        // A lost connection takes a buffer along that the network was to fill.
        if (!read) return { bytes: bytesOf(buffer, buffer.byteLength && length), isLast: true }
        buffer = read.buffer
        if (read.count === 0) return { bytes: bytesOf(buffer, length), isLast: true }
        length += read.count
      }
      return { bytes: bytesOf(buffer, length), isLast: false }
    },
    close: () => reader.close(),
  }
}

function bytesOf(buffer: ArrayBuffer, length: number) {
  if (length === 0) return new Uint8Array(0)
  return new Uint8Array(length === buffer.byteLength ? buffer : buffer.slice(0, length))
}

type Reader = {
  /** Fills the buffer from an offset on; `count` is 0 at the end. Null or throws when it is lost. */
  readInto(buffer: ArrayBuffer, at: number): Promise<{ buffer: ArrayBuffer; count: number } | null>
  close(): void
}

function openReader(body: ReadableStream<Uint8Array<ArrayBuffer>>): Reader {
  try {
    return intoBuffers(body.getReader({ mode: "byob" }))
  } catch {
    return fromChunks(body.getReader())
  }
}

const intoBuffers = (reader: ReadableStreamBYOBReader): Reader => ({
  async readInto(buffer, at) {
    const { value } = await reader.read(new Uint8Array(buffer, at))
    return value ? { buffer: value.buffer, count: value.length } : null
  },
  close: () => void reader.cancel().catch(() => {}),
})

/** For browsers whose bodies cannot fill a buffer: copies each chunk. */
function fromChunks(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>): Reader {
  let rest: Uint8Array<ArrayBuffer> | null = null
  return {
    async readInto(buffer, at) {
      rest ??= (await reader.read()).value ?? null
      if (!rest) return { buffer, count: 0 }
      const taken = rest.subarray(0, buffer.byteLength - at)
      new Uint8Array(buffer).set(taken, at)
      rest = taken.length < rest.length ? rest.subarray(taken.length) : null
      return { buffer, count: taken.length }
    },
    close: () => void reader.cancel().catch(() => {}),
  }
}
