import "client-only"

/** The size of a block: passing small chunks on one by one costs more than copying them. */
export const BLOCK_BYTES = 1024 ** 2
/** The most buffers kept for reuse, as many as may be in use; more are left to the GC. */
const MOST_FREE = 48

export type BlockPool = {
  /** Returns a buffer of BLOCK_BYTES with arbitrary content. */
  take(): ArrayBuffer
  /** Takes back a buffer that is no longer used. */
  give(buffer: ArrayBuffer): void
}

/**
 * Creates a pool of buffers. Browsers free them late, so new ones add up to the download's size.
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
