/** Blocks its waiters while it is closed. */
export function createGate() {
  let waiting: (() => void)[] | undefined
  return {
    close() {
      waiting ??= []
    },
    open() {
      const released = waiting ?? []
      waiting = undefined
      for (const release of released) release()
    },
    isOpen: () => waiting === undefined,
    /** Resolves when the gate is open or the signal aborts. */
    passed(signal: AbortSignal): Promise<void> {
      return new Promise((resolve) => {
        if (!waiting || signal.aborted) return resolve()
        waiting.push(resolve)
        signal.addEventListener("abort", () => resolve(), { once: true })
      })
    },
  }
}

export type Gate = ReturnType<typeof createGate>
