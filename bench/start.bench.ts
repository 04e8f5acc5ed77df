import { startApp } from "./app.ts"
import { report } from "./measures.ts"
import { databaseSeconds, processSeconds } from "./process-usage.ts"
import { runRounds } from "./rounds.ts"
import { dataOf, LARGE, SMALL } from "./seeds/large-data.ts"
import type { Scale } from "./seeds/seed-many.ts"

// Measures the time from the spawn of `npm start` until it says that Lapse is ready, on existing
// data, with the embedded servers, which were stopped in order: alternately with 1,000,000 shares
// and with 1,000.
// npm run bench -- start [rounds] [shares] [events]
const [ROUNDS = 7, SHARES = LARGE.shares, EVENTS = LARGE.events] = process.argv.slice(2).map(Number)
const SECONDS = 240

const large = await dataOf({ shares: SHARES, events: EVENTS })
const small = await dataOf(SMALL)
try {
  const times = { large: [] as number[], small: [] as number[] }
  await start(large.directory) // builds changed sources
  await start(small.directory)
  await runRounds({ most: ROUNDS, seconds: SECONDS }, async () => {
    times.large.push(await start(large.directory))
    times.small.push(await start(small.directory))
  })
  const measure = ({ shares }: Scale) => `cold start, ${shares.toLocaleString("en")} shares`
  report([
    {
      measure: measure({ shares: SHARES, events: EVENTS }),
      unit: "s",
      figures: times.large,
      goal: { most: 3 },
    },
    { measure: measure(SMALL), unit: "s", figures: times.small },
  ])
} finally {
  large.remove()
  small.remove()
}

/** Seconds until the app is ready; it is stopped again. */
async function start(directory: string) {
  const startedAt = performance.now()
  const app = await startApp({}, directory)
  const seconds = (performance.now() - startedAt) / 1000
  const ours = [app.mainPid(), app.webPid()].map(processSeconds)
  const used = ours.reduce((sum, each) => sum + each, databaseSeconds(directory))
  console.log(`${seconds.toFixed(2)} s, processor time of app and database ${used.toFixed(2)} s`)
  await app.stop()
  return seconds
}
