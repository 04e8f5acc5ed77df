import "client-only"

/** Creates a semaphore for `count` holders; a free slot goes to the longest waiting one. */
export function createSemaphore(count: number) {
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
    /** Resolves to the function that releases the slot; null if the wait was aborted. */
    acquire(signal: AbortSignal) {
      return new Promise<(() => void) | null>((resolve) => {
        const leave = () => {
          queue.delete(enter)
          resolve(null)
        }
        const enter = () => {
          signal.removeEventListener("abort", leave)
          free -= 1
          resolve(release)
        }
        if (signal.aborted) return resolve(null)
        if (free > 0) return enter()
        queue.add(enter)
        signal.addEventListener("abort", leave, { once: true })
      })
    },
  }
}

export type Semaphore = ReturnType<typeof createSemaphore>

/** The maximum number of requests of one kind that are sent to the app at the same time. */
const BATCH = 4

/** Maps items with one request each, a batch at a time. Results are in the order of the items. */
export async function mapInBatches<Item, Result>(
  items: readonly Item[],
  request: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += BATCH)
    results.push(...(await Promise.all(items.slice(at, at + BATCH).map(request))))
  return results
}
