import "server-only"
import { processWide } from "#lib/adapters/process-wide.ts"

/** The result of the last checks. */
export type HostState = {
  /** The smallest difference that the clocks of database and store may have; null if not known. */
  clocksApartMs: number | null
  /** When the last comparison began, in this process's monotonic time. */
  clocksComparedAt: number
  /** The time of the store that a full comparison found right, and until when it is used. */
  rightTime: { isOwn: boolean; until: number } | null
  /** The disk of the data directory; null if nothing is embedded. */
  disk: DiskRoom | null
}

export type DiskRoom = {
  /** The data directory. */
  directory: string
  freeBytes: number
  /** The bytes that uploads leave free. Half of them are only for the database. */
  reserveBytes: number
  /** Whether uploads use this disk, because the object store is embedded. */
  takesUploads: boolean
}

/** The latest results of this process's checks, which update the returned object. */
export function hostState(): HostState {
  return processWide(
    "hostState",
    (): HostState => ({
      clocksApartMs: null,
      clocksComparedAt: Number.NEGATIVE_INFINITY,
      rightTime: null,
      disk: null,
    }),
  )
}
