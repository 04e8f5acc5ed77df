/**
 * Runs at most so many at once; the others wait in the order in which they came. One that waits
 * costs an entry of a list.
 */
export function createTurns(atOnce: number) {
  let running = 0
  const waiting: (() => void)[] = []

  return async function inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    if (running < atOnce) running++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
