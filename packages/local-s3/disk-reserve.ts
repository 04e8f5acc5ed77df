import { statfs } from "node:fs/promises"
import { S3Error } from "./s3-error.ts"

/** Free bytes of the disk that holds a directory. */
export type FreeBytes = (dir: string) => Promise<number>

/** The room of one write. */
export type Room = {
  /** So many of its bytes are on the disk: from now on they are missing from the free ones. */
  wrote: (bytes: number) => void
}

export type DiskReserve = {
  /**
   * Runs a write of at most so many bytes. Refuses with InsufficientStorage, before anything is
   * written, where it would leave less than the reserve.
   */
  write: <Result>(bytes: number, write: (room: Room) => Promise<Result>) => Promise<Result>
}

/**
 * Keeps a part of the disk free for others. What the writes in progress have still to write counts
 * as used.
 */
export function keepReserve(
  dir: string,
  reserveBytes: number,
  freeBytes: FreeBytes = measure,
): DiskReserve {
  let pending = 0
  let written = 0

  return {
    async write(bytes, write) {
      if (reserveBytes === 0) return write({ wrote() {} })
      const before = written
      const free = await freeBytes(dir)
      // What was written during the measurement may not be missing from its result.
      if (free - (written - before) - pending - bytes < reserveBytes)
        throw new S3Error("InsufficientStorage")
      let left = bytes
      pending += left
      const settle = (count: number) => {
        const settled = Math.min(count, left)
        left -= settled
        pending -= settled
      }
      const room = {
        wrote(count: number) {
          written += count
          settle(count)
        },
      }
      try {
        return await write(room)
      } finally {
        settle(left)
      }
    },
  }
}

async function measure(dir: string) {
  const { bsize, bavail } = await statfs(dir)
  return bsize * bavail
}
