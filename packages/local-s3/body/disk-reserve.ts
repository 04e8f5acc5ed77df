import { statfs } from "node:fs/promises"
import { S3Error } from "../s3-error.ts"

export type FreeBytes = (dir: string) => Promise<number>

export type Room = {
  /** Reports that this many more bytes are on the disk and no longer count as pending. */
  wrote: (bytes: number) => void
}

export type DiskReserve = {
  /** Runs a write of at most `bytes`. Refuses (InsufficientStorage) to use the reserve. */
  write: <Result>(bytes: number, write: (room: Room) => Promise<Result>) => Promise<Result>
}

/** Keeps a part of the disk free. What running writes have still to write counts as used. */
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
      // Bytes written during the measurement may be missing from it, so they are subtracted.
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
