import "server-only"
import { processWide } from "#lib/process-wide.ts"

/** What the last look found. */
export type HostState = {
  /** How far the clocks of database and store are apart at least; null before the first look. */
  clocksApartMs: number | null
  /** The disk of the data directory; null where nothing is embedded. */
  disk: DiskRoom | null
}

export type DiskRoom = {
  /** The data directory. */
  directory: string
  freeBytes: number
  /** Uploads leave so much free; half of it is for the database alone. */
  reserveBytes: number
  /** Whether uploads go to this disk: the object store is embedded. */
  takesUploads: boolean
}

/** What the checks of this process found last. They write into it. */
export function hostState(): HostState {
  return processWide("hostState", (): HostState => ({ clocksApartMs: null, disk: null }))
}
