import "client-only"

/**
 * Creates waits that end early: when a member asks for it, the connection returns, or a signal
 * aborts.
 */
export function createWakeableWaits<Owner>() {
  const waits = new Map<Owner, Set<() => void>>()
  const wake = (owner: Owner) => {
    for (const done of Array.from(waits.get(owner) ?? [])) done()
  }
  return {
    wait(owner: Owner, ms: number, signal: AbortSignal) {
      return new Promise<void>((resolve) => {
        const own = waits.get(owner) ?? new Set()
        const done = () => {
          clearTimeout(timeout)
          signal.removeEventListener("abort", done)
          own.delete(done)
          if (own.size === 0) waits.delete(owner)
          resolve()
        }
        if (signal.aborted) return resolve()
        const timeout = setTimeout(done, ms)
        signal.addEventListener("abort", done, { once: true })
        waits.set(owner, own.add(done))
      })
    },
    /** Ends all waits of one owner. */
    wake,
    wakeAll() {
      for (const owner of Array.from(waits.keys())) wake(owner)
    },
  }
}
