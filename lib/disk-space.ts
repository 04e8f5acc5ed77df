import "server-only"
import { statfs } from "node:fs/promises"
import { isDiskFull, surroundings } from "./click-outage.ts"
import { log } from "./log.ts"
import { settings } from "./settings.ts"

const GIB = 1024 ** 3
const SHARE_OF_DISK = 0.05

export type DiskSize = { bsize: number; blocks: number; bavail: number }
type Measure = (directory: string) => Promise<DiskSize>

/** What stays free of a disk for the database: uploads are refused before. */
export function diskReserve({ bsize, blocks }: DiskSize): number {
  return settings.DISK_RESERVE_BYTES ?? Math.floor(Math.min(GIB, bsize * blocks * SHARE_OF_DISK))
}

/** Measures the disk of the data directory for clicks, health and metrics; null: none is embedded. */
export async function lookAtDisk(directory: string | null, measure: Measure = statfs) {
  if (directory === null) return
  const size = await measure(directory)
  const found = surroundings()
  const wasFull = isDiskFull()
  found.disk = { freeBytes: size.bsize * size.bavail, reserveBytes: diskReserve(size) }
  if (isDiskFull() === wasFull) return
  if (wasFull) log.info(found.disk, "there is room on the disk of the data directory again")
  else log.warn(found.disk, "the disk of the data directory is full: clicks wait for room")
}
