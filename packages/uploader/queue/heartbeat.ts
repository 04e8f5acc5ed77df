import "client-only"
import type { Entry } from "../queue/upload-entry.ts"
import type { UploadTransport } from "../transport/upload-transport.ts"

const EVERY_MS = 5_000
/** The first heartbeat is sent after this time, so shorter uploads are not reported. */
const FIRST_MS = 1_000
/** The maximum number of files in one heartbeat: moving ones first, then queued ones. */
const MOST_FILES = 100

/**
 * Tells the app which uploads are in progress, so that it can show the others as paused. Sends one
 * call every five seconds while an upload moves. Leaves out uploads that stall, wait for a retry or
 * are paused, and queued ones while nothing moves.
 */
export function createHeartbeat(transport: UploadTransport, all: () => Entry[]) {
  /** The bytes that each upload had moved at the last heartbeat. */
  const movedBytes = new WeakMap<Entry, number>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let lastAt = Number.NEGATIVE_INFINITY
  let dueAt = 0

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
