import { startApp, takeDataOf } from "./app.ts"
import { median, table } from "./figures.ts"
import { answersOf, startChild, startLoad, stopChildren } from "./load/child-processes.ts"
import { type Contender, contendersOf, countedClaims, firstClick } from "./load/click-contenders.ts"
import { clicksOnSome } from "./load/clicks.ts"
import { ratiosOf, report } from "./measures.ts"
import { databaseSeconds, processSeconds } from "./process-usage.ts"
import { runRounds } from "./rounds.ts"
import { dataOf, LARGE, SMALL } from "./seeds/large-data.ts"
import type { Scale } from "./seeds/seed-many.ts"

// Measures clicks per second of new visitors, of every kind, as ratios to one another, to an empty
// route of the same Next server, and to a bare node:http handler that runs the same statement for
// one click and the same signature. Then clicks on 200 of 1,000,000 shares with 20,000,000 events,
// against 1,000 and 20,000, alternately. App, database, store, bare handler and load generator are
// separate processes. The processor time of the answering process and of the database is measured
// too: on a machine that does other work it is more reliable than the rate.
// npm run bench -- click [rounds] [seconds per measurement] [shares, or 0] [events]
const [ROUNDS = 7, SECONDS = 3, SHARES = LARGE.shares, EVENTS = LARGE.events] = process.argv
  .slice(2)
  .map(Number)
const SCALE_SECONDS = 240
const CONNECTIONS = 16
const SPREAD = 200

type Figures = { rates: number[]; app: number[]; database: number[] }

await measureShapes()
if (SHARES > 0) await measureScale({ shares: SHARES, events: EVENTS })

async function measureShapes() {
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

    const measure = async ({ requests, status, reset, bare: isBare }: Contender) => {
      await reset?.()
      const seconds = isBare ? bare.seconds : () => processSeconds(app.webPid())
      const [before, databaseBefore] = [seconds(), databaseSeconds(app.directory)]
      const target = { ...atOnce, port: isBare ? bare.port : port, once: Boolean(reset) }
      const result = await load({ ...target, requests, status, seconds: SECONDS })
      const { answered, perSecond } = result
      return {
        answered,
        rates: perSecond,
        app: ((seconds() - before) / answered) * 1e6,
        database: ((databaseSeconds(app.directory) - databaseBefore) / answered) * 1e6,
      }
    }

    const figures = new Map<string, Figures>()
    const of = (name: string) => figures.get(name) ?? { rates: [], app: [], database: [] }
    for (let round = 0; round <= ROUNDS; round++) {
      for (const contender of contenders) {
        const { answered, ...measured } = await measure(contender)
        if (contender.claims) claims += answered
        if (round === 0) continue // warms up
        const own = of(contender.name)
        for (const key of ["rates", "app", "database"] as const) own[key].push(measured[key])
        figures.set(contender.name, own)
      }
      console.log(`round ${round} of ${ROUNDS}`)
    }
    const counted = await countedClaims()
    if (counted !== claims) throw new Error(`${claims} clicks were answered and ${counted} counted`)

    const rows = contenders.map(({ name, what }) => {
      const { rates, app, database } = of(name)
      const costs = [app, database].map((each) => median(each).toFixed(0))
      return [what, median(rates).toFixed(0), costs.join(" + ")]
    })
    console.log(`
${claims} clicks answered and counted
${table(["what", "per second", "app + database, µs"], rows)}`)
    report([
      ...contenders.map(({ name, what, against, goal }) => ({
        measure: what,
        against,
        figures: ratiosOf(of(name).rates, of(against).rates),
        ...(goal === undefined ? {} : { goal: { least: goal } }),
      })),
      {
        measure: "click, beside an empty route of Next",
        against: "empty",
        figures: ratiosOf(of("spread").rates, of("empty").rates),
        goal: { least: 2 },
      },
    ])
  } finally {
    await stopChildren()
    await app.stop()
  }
}

async function startBare() {
  const child = startChild("bare-click.ts")
  const port = await answersOf<number>(child)()
  return { port, seconds: () => processSeconds(child.pid ?? 0) }
}

async function measureScale(scale: Scale) {
  const sites: Awaited<ReturnType<typeof openSite>>[] = []
  try {
    for (const each of [scale, SMALL]) sites.push(await openSite(each))
    const load = startLoad()
    const measureAll = async () => {
      for (const { port, requests, rates } of sites) {
        const target = { port, requests, connections: CONNECTIONS, status: "303" }
        rates.push((await load({ ...target, seconds: SECONDS })).perSecond)
      }
    }
    await measureAll()
    for (const { rates } of sites) rates.length = 0 // those of the warm-up
    await runRounds({ most: ROUNDS, seconds: SCALE_SECONDS }, measureAll)
    const [large = [], small = []] = sites.map(({ rates }) => rates)
    const [shares, events, few] = [scale.shares, scale.events, SMALL.shares].map((count) =>
      count.toLocaleString("en"),
    )
    report([
      {
        measure: `click, ${SPREAD} of ${shares} shares, ${events} events`,
        against: `${few} shares`,
        figures: ratiosOf(large, small),
        goal: { least: 0.95 },
      },
    ])
  } finally {
    await stopChildren()
    for (const { close } of sites) await close()
  }
}

async function openSite(scale: Scale) {
  const { directory, remove } = await dataOf(scale)
  const app = await startApp({}, directory)
  const close = async () => {
    await app.stop()
    remove()
  }
  return { port: app.port, requests: await clicksOnSome(app, SPREAD), rates: [] as number[], close }
}
