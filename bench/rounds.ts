import { loadavg } from "node:os"

type Rounds = {
  most: number
  /**
   * The time limit. No round starts that would exceed it if it took as long as the previous one.
   */
  seconds: number
}

/** Runs rounds one after another, at least one, until there are enough or the time is over. */
export async function runRounds({ most, seconds }: Rounds, run: () => Promise<void>) {
  const startedAt = performance.now()
  for (let round = 1; round <= most; round++) {
    const before = performance.now()
    await run()
    const took = performance.now() - before
    console.log(`round ${round} of ${most}, load ${loadavg()[0]?.toFixed(1)}`)
    if (performance.now() - startedAt + took > seconds * 1000 && round < most) {
      return console.log(`(no time for more than ${round} rounds)`)
    }
  }
}
