import "client-only"

/**
 * The size of a block. Copying a network's small chunks into blocks costs less than passing on
 * each.
 */
export const BLOCK_BYTES = 1024 ** 2
/**
 * The maximum number of buffers kept for reuse, which is as many as may be in use. Others are
 * garbage collected.
 */
const MOST_FREE = 48

export type BlockPool = {
  /** Returns a buffer of BLOCK_BYTES with arbitrary content. */
  take(): ArrayBuffer
  /** Takes back a buffer that is no longer used. */
  give(buffer: ArrayBuffer): void
}

/**
 * Creates a pool of buffers for reuse. Browsers free buffers late, so a download that allocates one
 * for each block grows by its own size.
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
