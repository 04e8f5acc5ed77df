import { availableParallelism, loadavg } from "node:os"
import { startApp, takeDataOf } from "./app.ts"
import { median, ratios, spread, table } from "./figures.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { clicksOn } from "./load/clicks.ts"
import { ratiosOf, report } from "./measures.ts"
import { databaseSeconds, memoryBytes, processSeconds } from "./process-usage.ts"

// Measures clicks per second of two web processes on one port, against one, on the same data. The
// load generator and the database use part of the cores, so the maximum on this machine, and the
// rate of two processes on separate cores, are computed from the processor time of each.
// npm run bench -- web [rounds] [seconds per measurement] [web processes]
const ROUNDS = Number(process.argv[2] ?? 5)
const SECONDS = Number(process.argv[3] ?? 3)
const MANY = Number(process.argv[4] ?? 2)
const CONNECTIONS = 32
const SHARES = 200

type Figures = {
  rates: number[]
  p99: number[]
  /**
   * Processor time of an answer in microseconds: of the web processes, the database and the load
   * generator.
   */
  web: number[]
  database: number[]
  load: number[]
  /** Memory of all web processes and of the one that starts them. */
  mib: number[]
}

const app = await startApp()

try {
  const { port } = app
  takeDataOf(app)
  const { aLink } = await import("#testing/builders/a-link.ts")
  const links: Awaited<ReturnType<typeof aLink>>[] = []
  for (let n = 0; n < SHARES; n++) links.push(await aLink({ minted: true }))
  const { disconnect } = await import("#lib/adapters/database.ts")
  await disconnect() // the database is restarted with the app
  const target = { port, connections: CONNECTIONS, requests: clicksOn(port, links) }
  const load = startLoad()

  const figures = new Map([1, MANY].map((count) => [count, noFigures()]))
  let answered = 0
  for (let round = 1; round <= ROUNDS; round++) {
    // The order alternates, so that changes over time affect both alike.
    const counts = round % 2 === 1 ? [1, MANY] : [MANY, 1]
    for (const count of counts) {
      await app.restart({ WEB_PROCESSES: String(count) })
      const measured = await measure()
      for (const [name, value] of Object.entries(measured))
        figures.get(count)?.[name as keyof Figures].push(value)
    }
    console.log(`round ${round} of ${ROUNDS}, load of the machine ${loadavg()[0]?.toFixed(1)}`)
  }
  const { countedClaims } = await import("./load/click-contenders.ts")
  const counted = await countedClaims()
  if (counted !== answered) throw new Error(`${answered} clicks were answered, ${counted} counted`)
  print(figures.get(1) ?? noFigures(), figures.get(MANY) ?? noFigures(), answered)

  async function measure() {
    const pids = [app.mainPid(), ...app.webPids()]
    answered += await click(1) // warms up
    const webSeconds = () => pids.reduce((sum, pid) => sum + processSeconds(pid), 0)
    const [web, database] = [webSeconds(), databaseSeconds(app.directory)]
    const result = await load({ ...target, seconds: SECONDS })
    const count = countOf(result)
    answered += count
    return {
      rates: result.perSecond,
      p99: result.p99Ms,
      web: ((webSeconds() - web) / count) * 1e6,
      database: ((databaseSeconds(app.directory) - database) / count) * 1e6,
      load: result.ownMicroseconds,
      mib: pids.reduce((sum, pid) => sum + memoryBytes(pid), 0) / 1024 ** 2,
    }
  }

  async function click(seconds: number) {
    return countOf(await load({ ...target, seconds }))
  }
} finally {
  await stopChildren()
  await app.stop()
}

function countOf({ statuses, sample }: { statuses: Record<string, number>; sample: string }) {
  const count = statuses["303"] ?? 0
  if (Object.keys(statuses).length !== 1 || count === 0) {
    throw new Error(`${JSON.stringify(statuses)}\n${sample}`)
  }
  return count
}

function print(one: Figures, many: Figures, answered: number) {
  const row = (what: string, { rates, p99, web, database, load, mib }: Figures) => [
    what,
    spread(rates),
    median(p99).toFixed(1),
    [web, database, load].map((each) => median(each).toFixed(0)).join(" + "),
    median(mib).toFixed(0),
  ]
  const head = ["web processes", "clicks/s", "p99, ms", "web + database + load, µs", "MiB"]
  const cores = availableParallelism()
  const [a, d, l] = [one.web, one.database, one.load].map(median)
  const bound = (cores * (a ?? 0)) / ((a ?? 0) + (d ?? 0) + (l ?? 0))
  console.log(`
${cores} cores, Node ${process.version}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s, medians
${answered} clicks answered and counted

${table(head, [row("1", one), row(String(MANY), many)])}

${MANY} against one: ${ratios(many.rates, one.rates)}
${cores} cores allow at most ${Math.min(MANY, bound).toFixed(2)}: one process uses a core, and database and load generator the rest`)
  const least = MANY * 0.8
  report([
    { measure: `${MANY} web processes`, against: "one", figures: ratiosOf(many.rates, one.rates) },
    {
      measure: `${MANY} web processes, each on a core of its own, by processor time`,
      against: "one",
      figures: ratiosOf(one.web, many.web).map((each) => each * MANY),
      goal: { least },
    },
  ])
}

function noFigures(): Figures {
  return { rates: [], p99: [], web: [], database: [], load: [], mib: [] }
}
