import "client-only"

/** A slow machine takes a tenth of this interval to redraw a page with many uploads. */
const INTERVAL_MS = 250

/**
 * Calls listeners after changes: at the end of the task, and at most four times a second, or after
 * `interval`, in milliseconds.
 */
export function createThrottledNotifier(interval = () => INTERVAL_MS) {
  const listeners = new Set<() => void>()
  let isPending = false
  let lastAt = Number.NEGATIVE_INFINITY

  function callListeners() {
    isPending = false
    lastAt = Date.now()
    for (const listener of listeners) listener()
  }

  return {
    notify() {
      if (isPending) return
      isPending = true
      const most = interval()
      const ms = lastAt + most - Date.now()
      // A remaining time above the interval means that the clock was set back.
      if (ms <= 0 || ms > most) queueMicrotask(callListeners)
      else setTimeout(callListeners, ms)
    },
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
