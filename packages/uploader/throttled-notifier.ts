import "client-only"

/** Drawing a page of uploads costs a slow machine a tenth of this. */
const PAUSE_MS = 250

/** Tells listeners that something changed: at the end of the turn, and at most four times a second. */
export function createTeller() {
  const listeners = new Set<() => void>()
  let pending = false
  let lastAt = Number.NEGATIVE_INFINITY

  function call() {
    pending = false
    lastAt = Date.now()
    for (const listener of listeners) listener()
  }

  return {
    tell() {
      if (pending) return
      pending = true
      const wait = lastAt + PAUSE_MS - Date.now()
      if (wait <= 0 || wait > PAUSE_MS) queueMicrotask(call)
      else setTimeout(call, wait)
    },
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
