import "client-only"

/** Handing on a network's small chunks one by one would cost more than copying them together. */
export const BLOCK_BYTES = 1024 ** 2
/** As many as may be under way; more are left to the garbage collector. */
const MOST_FREE = 48

export type BlockPool = {
  /** A buffer of BLOCK_BYTES, with any content. */
  take(): ArrayBuffer
  /** Takes a buffer back that nothing uses any more. */
  give(buffer: ArrayBuffer): void
}

/**
 * Buffers that are used again and again. Browsers collect the memory of buffers late: a download
 * that allocates one for each block grows by its own size.
 */
export function createBlockPool(): BlockPool {
  const free: ArrayBuffer[] = []
  return {
    take: () => free.pop() ?? new ArrayBuffer(BLOCK_BYTES),
    give(buffer) {
      if (buffer.byteLength === BLOCK_BYTES && free.length < MOST_FREE) free.push(buffer)
    },
  }
}
