import "client-only"
import { BLOCK_BYTES, type BlockPool } from "./block-pool.ts"
import type { Watchdog } from "./watchdog.ts"

/** On a slow connection a block is passed on after this time. */
const BLOCK_MS = 500

/** `isLast`: the body has ended or the connection is lost. */
type Block = { bytes: Uint8Array<ArrayBuffer>; isLast: boolean }

/** Reads a body in blocks, each in a separate buffer, which may be transferred. */
export function openBlocks(stream: ReadableStream<Uint8Array<ArrayBuffer>>, pool: BlockPool) {
  const body = openBody(stream)
  /** Bytes that did not fit into the last block. */
  let rest: Uint8Array<ArrayBuffer> | null = null

  async function read(watchdog: Watchdog) {
    watchdog.start()
    const chunk = await body.read().catch(() => null)
    watchdog.stop()
    return chunk
  }

  return {
    /** Returns at most `most` bytes; fewer than a block if they come slowly. Never throws. */
    async next(most: number, watchdog: Watchdog): Promise<Block> {
      const block = most < BLOCK_BYTES ? new Uint8Array(most) : new Uint8Array(pool.take())
      const startedAt = Date.now()
      let length = 0
      let isLast = false
      while (length < block.length && (length === 0 || Date.now() - startedAt < BLOCK_MS)) {
        rest ??= await read(watchdog)
        if (!rest) {
          isLast = true
          break
        }
        const taken: Uint8Array<ArrayBuffer> = rest.subarray(0, block.length - length)
        block.set(taken, length)
        length += taken.length
        rest = taken.length < rest.length ? rest.subarray(taken.length) : null
      }
      if (length === block.length) return { bytes: block, isLast: false }
      // A large buffer with few bytes would stay in memory as a whole.
      const bytes = block.slice(0, length)
      pool.give(block.buffer)
      return { bytes, isLast }
    },
    /** Whether the body continues; false if the connection is lost. */
    async hasMore(watchdog: Watchdog): Promise<boolean> {
      rest ??= await read(watchdog)
      return rest !== null
    },
    close: () => void body.cancel().catch(() => {}),
  }
}

type Chunk = Uint8Array<ArrayBuffer>

type Body = {
  /** The next bytes, at least one, valid until the next call; null at the end. Throws if cut. */
  read(): Promise<Chunk | null>
  cancel(): Promise<void>
}

const SCRATCH_BYTES = 256 * 1024

/** Reads a body, into reused memory where possible: browsers free their own chunks late. */
function openBody(stream: ReadableStream<Chunk>): Body {
  try {
    return openByteBody(stream.getReader({ mode: "byob" }))
  } catch {
    return openChunkedBody(stream.getReader())
  }
}

function openByteBody(reader: ReadableStreamBYOBReader): Body {
  let scratch = new ArrayBuffer(SCRATCH_BYTES)
  return {
    async read() {
      // The call detaches the buffer and returns it with the bytes.
      const { value } = await reader.read(new Uint8Array(scratch))
      if (!value || value.length === 0) return null
      scratch = value.buffer
      return value
    },
    cancel: () => reader.cancel(),
  }
}

function openChunkedBody(reader: ReadableStreamDefaultReader<Chunk>): Body {
  return {
    async read() {
      for (;;) {
        const { value, done } = await reader.read()
        if (done) return null
        if (value.length > 0) return value
      }
    },
    cancel: () => reader.cancel(),
  }
}
