import "client-only"

/** Room for so many requests at a time, given out in the order of asking. */
export function createSlots(count: number) {
  let free = count
  const queue = new Set<() => void>()

  function release() {
    free += 1
    const [next] = queue
    if (!next) return
    queue.delete(next)
    next()
  }

  return {
    /** How to give the slot back; null when the wait was aborted. */
    take(signal: AbortSignal) {
      return new Promise<(() => void) | null>((resolve) => {
        const leave = () => {
          queue.delete(go)
          resolve(null)
        }
        const go = () => {
          signal.removeEventListener("abort", leave)
          free -= 1
          resolve(release)
        }
        if (signal.aborted) return resolve(null)
        if (free > 0) return go()
        queue.add(go)
        signal.addEventListener("abort", leave, { once: true })
      })
    },
  }
}

export type Slots = ReturnType<typeof createSlots>
