import { cpus, loadavg } from "node:os"
import { startApp, takeDataOf } from "./app.ts"
import { median, medianRatio, ratios, table } from "./figures.ts"
import { answersOf, startChild, startLoad, stopChildren } from "./load/child-processes.ts"
import { type Contender, contendersOf, countedClaims, firstClick } from "./load/click-contenders.ts"
import { ratiosOf, report } from "./measures.ts"
import { databaseSeconds, processSeconds } from "./process-usage.ts"

// Measures clicks per second of new visitors, of every kind, as ratios to one another, to an empty
// route of the same Next server, and to a bare node:http handler that runs the same statement for
// one click and the same signature. App, database, store, bare handler and load generator are
// separate processes. The processor time of the answering process and of the database is measured
// too: on a machine that does other work it is more reliable than the rate.
// npm run bench -- click [rounds] [seconds per measurement]
const ROUNDS = Number(process.argv[2] ?? 7)
const SECONDS = Number(process.argv[3] ?? 3)
const CONNECTIONS = 16

type Figures = { rates: number[]; app: number[]; database: number[]; p99: number[] }

const app = await startApp()

try {
  const { port } = app
  takeDataOf(app)
  const load = startLoad()
  const atOnce = { port, connections: CONNECTIONS }
  await load({ ...atOnce, requests: await firstClick(port), seconds: 1 })
  const contenders = await contendersOf(port)
  let claims = await countedClaims()
  const bare = await startBare()

  const figures = new Map(contenders.map(({ name }) => [name, noFigures()]))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const contender of contenders) {
      const { answered, ...measured } = await measure(contender)
      if (contender.claims) claims += answered
      if (round === 0) continue // warms up
      const own = figures.get(contender.name) ?? noFigures()
      for (const key of ["rates", "app", "database", "p99"] as const) own[key].push(measured[key])
    }
    console.log(`round ${round} of ${ROUNDS}, load of the machine ${loadavg()[0]?.toFixed(1)}`)
  }
  const counted = await countedClaims()
  if (counted !== claims) throw new Error(`${claims} clicks were answered and ${counted} counted`)

  const head = ["what", "per second", "app + database, µs", "p99, ms"]
  console.log(`
${cpus().length} cores, Node ${process.version}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s, medians
${claims} clicks answered, ${counted} counted

${table([...head, "rate", "by processor", "goal"], contenders.map(row))}`)
  const rates = (of: string) => figures.get(of)?.rates ?? []
  report([
    ...contenders.map(measureOf),
    {
      measure: "click, beside an empty route of Next",
      against: "empty",
      figures: ratiosOf(rates("spread"), rates("empty")),
      goal: { least: 2 },
    },
  ])

  async function measure({ requests, status, reset, bare: isBare }: Contender) {
    await reset?.()
    const seconds = isBare ? bare.seconds : () => processSeconds(app.webPid())
    const [before, databaseBefore] = [seconds(), databaseSeconds(app.directory)]
    const target = { ...atOnce, port: isBare ? bare.port : port, requests, once: Boolean(reset) }
    const result = await load({ ...target, seconds: SECONDS })
    const answered = Object.values(result.statuses).reduce((sum, count) => sum + count, 0)
    if (result.statuses[status] !== answered) {
      throw new Error(`${JSON.stringify(result.statuses)}\n${result.sample}`)
    }
    const microseconds = (since: number, now: number) => ((now - since) / answered) * 1e6
    return {
      answered,
      rates: result.perSecond,
      app: microseconds(before, seconds()),
      database: microseconds(databaseBefore, databaseSeconds(app.directory)),
      p99: result.p99Ms,
    }
  }

  function row({ name, what, against, goal }: Contender) {
    const [own, other] = [figures.get(name) ?? noFigures(), figures.get(against) ?? noFigures()]
    const cost = ({ app, database }: Figures) => app.map((each, n) => each + (database[n] ?? 0))
    return [
      what,
      median(own.rates).toFixed(0),
      `${median(own.app).toFixed(0)} + ${median(own.database).toFixed(0)}`,
      median(own.p99).toFixed(1),
      `${ratios(own.rates, other.rates)} of ${against}`,
      medianRatio(cost(other), cost(own)).toFixed(2),
      goal?.toFixed(2) ?? "",
    ]
  }

  function measureOf({ name, what, against, goal }: Contender) {
    return {
      measure: what,
      against,
      figures: ratiosOf(rates(name), rates(against)),
      ...(goal === undefined ? {} : { goal: { least: goal } }),
    }
  }
} finally {
  await stopChildren()
  await app.stop()
}

function noFigures(): Figures {
  return { rates: [], app: [], database: [], p99: [] }
}

async function startBare() {
  const child = startChild("bare-click.ts")
  const port = await answersOf<number>(child)()
  return { port, seconds: () => processSeconds(child.pid ?? 0) }
}
