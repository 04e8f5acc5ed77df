import "server-only"
import { statfs } from "node:fs/promises"
import { isDiskFull } from "#lib/adapters/host/disk-room.ts"
import { type DiskRoom, hostState } from "#lib/adapters/host/host-state.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { dropBallastIfFull, keepBallast } from "./disk-ballast.ts"

const MIB = 1024 ** 2
const MOST_RESERVE = 1024 * MIB
const LEAST_RESERVE = 128 * MIB
const SHARE_OF_DISK = 0.05

type DiskSize = { bsize: number; blocks: number; bavail: number }
type Measure = (directory: string) => Promise<DiskSize>

/**
 * Returns how many bytes of a disk are reserved for the database. Uploads are refused below that.
 * The minimum covers the growth of the WAL and some rows.
 */
export function diskReserve({ bsize, blocks }: DiskSize): number {
  const share = Math.floor(bsize * blocks * SHARE_OF_DISK)
  return Math.max(LEAST_RESERVE, Math.min(MOST_RESERVE, share))
}

export type Watched = {
  /** The data directory. */
  directory: string
  takesUploads: boolean
  /** Whether this process keeps the ballast. Only one of those that share a directory does. */
  keepsBallast: boolean
}

/**
 * Measures the disk of the data directory for clicks, uploads, health and metrics, and keeps its
 * ballast. Returns null if nothing is embedded.
 */
export async function measureDisk(
  watched: Watched | null,
  measure: Measure = statfs,
): Promise<DiskRoom | null> {
  if (watched === null) return null
  const size = await measure(watched.directory)
  const found = hostState()
  const wasFull = isDiskFull()
  const disk = {
    ...watched,
    freeBytes: size.bsize * size.bavail,
    reserveBytes: diskReserve(size),
  }
  found.disk = disk
  if (isDiskFull() !== wasFull) {
    const room = { freeBytes: disk.freeBytes, reserveBytes: disk.reserveBytes }
    if (wasFull) log.info(room, "there is room on the disk of the data directory again")
    else log.warn(room, "the disk of the data directory is full: clicks wait for room")
  }
  dropBallastIfFull(disk)
  if (watched.keepsBallast) await keepBallast(disk)
  return disk
}
