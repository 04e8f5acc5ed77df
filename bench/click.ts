import { cpus } from "node:os"
import { startApp, takeDataOf } from "./app.ts"
import { requestText, USER_AGENT } from "./browser-request.ts"
import { answersOf, startChild, startLoad, stopChildren } from "./child-processes.ts"
import { clicksOn } from "./clicks.ts"
import { median, medianRatio } from "./figures.ts"
import { databaseSeconds, processSeconds } from "./process-usage.ts"

// Clicks per second of new visitors, as a ratio to an empty route of the same Next server and to a
// bare node:http handler that runs the same statement, for one click, and the same signature. App,
// database, store, bare handler and load generator are separate processes. The processor time of
// the answering process and of the database is measured too: on a machine that does other work it
// says more than the rate. Another row has clicks on a file that is in 1,000 shares, on tables that
// were never analyzed and whose plans were made while they had a few rows, against those on files
// of their own.
//   npm run bench -- click [rounds] [seconds per measurement]
const ROUNDS = Number(process.argv[2] ?? 7)
const SECONDS = Number(process.argv[3] ?? 4)
const SHARES = 200
const SHARES_OF_ONE_FILE = 1000
const CONNECTIONS = 16

const app = await startApp()

try {
  const { port } = app
  takeDataOf(app)
  const load = startLoad()
  const first = await seedFirst(port)
  const planned = await load({ ...first.target, connections: CONNECTIONS, seconds: 1 })
  const { links, clicks, shared } = await seed(port, first.link)
  const bare = await startBare()
  const appSeconds = () => processSeconds(app.webPid())

  const contenders = {
    empty: { port, requests: [emptyRequest(port)], status: "401", seconds: appSeconds },
    click: { port, requests: clicks, status: "303", seconds: appSeconds },
    shared: { port, requests: shared, status: "303", seconds: appSeconds },
    bare: { port: bare.port, requests: clicks, status: "303", seconds: bare.seconds },
  }
  type Name = keyof typeof contenders
  const names: Name[] = ["empty", "click", "shared", "bare"]
  const rates: Record<Name, number[]> = { empty: [], click: [], shared: [], bare: [] }
  const costs: Record<Name, number[]> = { empty: [], click: [], shared: [], bare: [] }
  const databaseCosts: Record<Name, number[]> = { empty: [], click: [], shared: [], bare: [] }
  let claims = planned.statuses["303"] ?? 0
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const { status, seconds, ...target } = contenders[name]
      const [before, databaseBefore] = [seconds(), databaseSeconds(app.directory)]
      const result = await load({ ...target, connections: CONNECTIONS, seconds: SECONDS })
      const cost = seconds() - before
      const databaseCost = databaseSeconds(app.directory) - databaseBefore
      const right = result.statuses[status] ?? 0
      const all = Object.values(result.statuses).reduce((sum, count) => sum + count, 0)
      if (right !== all) throw new Error(`${name}: ${JSON.stringify(result.statuses)}`)
      if (status === "303") {
        if (!/\r\nlocation: .*X-Amz-Signature=/i.test(result.sample)) throw new Error(result.sample)
        claims += right
      }
      // The first round warms up.
      if (round === 0) continue
      rates[name].push(result.perSecond)
      costs[name].push((cost / all) * 1e6)
      databaseCosts[name].push((databaseCost / all) * 1e6)
    }
    console.log(`round ${round}: ${names.map((name) => `${name} ${last(rates[name])}`).join("  ")}`)
  }
  await checkCounts(links, claims)

  const line = (what: string, name: Name) => {
    const rate = median(rates[name]).toFixed(0).padStart(6)
    const cost = median(costs[name]).toFixed(0).padStart(5)
    const databaseCost = median(databaseCosts[name]).toFixed(0).padStart(4)
    const ratio = medianRatio(rates.click, rates[name]).toFixed(2)
    const costRatio = medianRatio(costs[name], costs.click).toFixed(2)
    return `${what} ${rate}/s ${cost} µs, database ${databaseCost} µs   click: ${ratio} of the rate, ${costRatio} by processor time`
  }
  const whole = (name: Name) =>
    costs[name].map((cost, round) => cost + (databaseCosts[name][round] ?? 0))
  const sharedRate = medianRatio(rates.shared, rates.click).toFixed(2)
  const sharedCost = medianRatio(whole("click"), whole("shared")).toFixed(2)
  console.log(`
${cpus().length} cores, Node ${process.version}, ${CONNECTIONS} connections, ${SHARES} shares, medians of ${ROUNDS} rounds
${line("click                 ", "click")}
${line("empty route of Next   ", "empty")} (goal 1.3)
${line("bare node:http handler", "bare")} (goal 0.7)
${line("one file, 1,000 shares", "shared")}
one file in 1,000 shares to files of their own: ${sharedRate} of the rate, ${sharedCost} by processor time of both (goal 0.9)`)
} finally {
  await stopChildren()
  await app.stop()
}

type Link = { token: string; fileId: string; shareId: string }

/** The first share of a new installation: clicks on it let the database plan them for few rows. */
async function seedFirst(port: number) {
  const { aLink } = await import("#testing/a-link.ts")
  await keepUnanalyzed()
  const link = await aLink({ minted: true })
  return { link, target: { port, requests: await clicksOn(port, [link]) } }
}

/**
 * Shares as a member makes them, each with a file of its own, and shares of one file; a click on one
 * of them for each of many new visitors.
 */
async function seed(port: number, like: Link & { ownerId: string; fileIds: string[] }) {
  const { aLink } = await import("#testing/a-link.ts")
  const links: Link[] = []
  for (let n = 0; n < SHARES; n++) links.push(await aLink({ minted: true }))
  const ofOneFile: Link[] = [like]
  while (ofOneFile.length < SHARES_OF_ONE_FILE) {
    ofOneFile.push(await aLink({ like, minted: true }))
  }
  return {
    links: [...links, ...ofOneFile],
    clicks: await clicksOn(port, links),
    shared: await clicksOn(port, ofOneFile),
  }
}

/** As in a new installation: the planner has no statistics of these tables. */
async function keepUnanalyzed() {
  const { pool } = await import("#lib/db.ts")
  for (const table of ["link", "share", "share_file", "file", "object"]) {
    await pool().query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`)
  }
}

// Without a session the call is refused before any query: routing, and no work in it.
function emptyRequest(port: number) {
  const headers = { Host: `localhost:${port}`, "User-Agent": USER_AGENT, Accept: "*/*" }
  return requestText("GET /api/v1/me", headers)
}

async function startBare() {
  const child = startChild("bare-click.ts")
  const port = await answersOf<number>(child)()
  return { port, seconds: () => processSeconds(child.pid ?? 0) }
}

/** Every answered click was counted, exactly. */
async function checkCounts(links: { shareId: string }[], claims: number) {
  const { db, disconnect } = await import("#lib/db.ts")
  const shareId = { in: links.map((link) => link.shareId) }
  const { _sum } = await db.shareCounter.aggregate({
    where: { shareId },
    _sum: { downloads: true },
  })
  const counted = Number(_sum.downloads ?? 0)
  await disconnect()
  if (counted !== claims) throw new Error(`${claims} clicks were answered and ${counted} counted`)
  console.log(`${claims} clicks answered, ${counted} counted`)
}

function last(values: number[]) {
  return values.at(-1)?.toFixed(0) ?? "(warm-up)"
}
