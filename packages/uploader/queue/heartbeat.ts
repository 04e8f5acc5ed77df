import "client-only"
import type { Entry } from "../queue/upload-entry.ts"
import type { UploadTransport } from "../transport/upload-transport.ts"

const EVERY_MS = 5_000
/** An upload that ends sooner is not reported. */
const FIRST_MS = 1_000
/** The most files of one heartbeat: those that move, then those that wait for their turn. */
const MOST_FILES = 100

/**
 * Tells the app which uploads are under way, so that it can say of the others that they are paused:
 * one call every five seconds, as long as an upload moves. An upload that stalls, waits for a retry
 * or is paused is left out, and so are queued ones while nothing moves.
 */
export function createHeartbeat(transport: UploadTransport, all: () => Entry[]) {
  /** The bytes that each upload had moved at the last heartbeat. */
  const movedBytes = new WeakMap<Entry, number>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let lastAt = Number.NEGATIVE_INFINITY
  let dueAt = 0

  /** Whether the upload has moved since the last heartbeat. */
  function moves(entry: Entry) {
    const { state } = entry.view
    if (entry.fileId === null) return false
    if (state === "finishing") return true
    const before = movedBytes.get(entry)
    movedBytes.set(entry, entry.movedBytes)
    return (state === "starting" || state === "sending") && entry.movedBytes !== before
  }

  function beat() {
    if (timer !== null) clearTimeout(timer)
    timer = null
    lastAt = Date.now()
    const entries = all()
    const moving = entries.filter(moves)
    if (moving.length === 0) return
    const queued = entries.filter(({ view }) => view.state === "queued")
    const fileIds = [...moving, ...queued].flatMap(({ fileId }) => fileId ?? [])
    transport.heartbeat(fileIds.slice(0, MOST_FILES))
    schedule(lastAt + EVERY_MS)
  }

  function schedule(at: number) {
    dueAt = at
    timer = setTimeout(beat, at - Date.now())
  }

  return {
    /** Called after each change of an upload. */
    changed() {
      const now = Date.now()
      // Browsers slow the timers of a hidden tab down to one a minute, but not its progress.
      if (timer !== null) return now >= dueAt ? beat() : undefined
      schedule(Math.max(now + FIRST_MS, lastAt + EVERY_MS))
    },
  }
}
