import { cpus, loadavg } from "node:os"
import { startApp, takeDataOf } from "./app.ts"
import { requestText } from "./browser/browser-request.ts"
import { table } from "./figures.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { countedClaims, firstClick } from "./load/click-contenders.ts"
import { clicksOn } from "./load/clicks.ts"
import type { Load, LoadResult } from "./load/load.ts"
import { report } from "./measures.ts"

// Measures the answers that clients get when more clicks come than the app can answer, and at half
// of that rate. Open loops count from the time at which a request was due. Afterwards the number of
// clicks answered 303 must equal the number of counted claims.
// npm run bench -- overload [seconds per load]
const SECONDS = Number(process.argv[2] ?? 5)
const SHARES = 200

const app = await startApp()
try {
  const { port } = app
  takeDataOf(app)
  const { aLink } = await import("#testing/builders/a-link.ts")
  const load = startLoad()
  const first = await load({ port, connections: 1, requests: await firstClick(port), seconds: 1 })
  let claims = first.statuses["303"] ?? 0
  const links: Awaited<ReturnType<typeof aLink>>[] = []
  for (let n = 0; n < SHARES; n++) links.push(await aLink({ minted: true }))
  const requests = clicksOn(port, links)
  const rows: string[][] = []

  const run = async (what: string, how: Pick<Load, "connections" | "perSecond">) => {
    const result = await load({ port, requests, seconds: SECONDS, ...how })
    claims += result.statuses["303"] ?? 0
    rows.push(rowOf(what, result))
    return result
  }
  await load({ port, requests, seconds: SECONDS, connections: 16 }).then(({ statuses }) => {
    claims += statuses["303"] ?? 0 // warms up
  })
  const top = await run("160 connections", { connections: 160 })
  if (top.statuses["503"]) throw new Error("160 connections were refused a click")
  const half = { connections: 160, perSecond: top.perSecond / 2 }
  const atHalf = await run("half of that rate, open loop", half)
  // How much of it the load generator and the machine cause.
  const empty = requestText("GET /api/live", { Host: `localhost:${port}` })
  const atHalfEmpty = await load({ port, requests: [empty], seconds: SECONDS, ...half })
  const crowd = await run("1,600 connections", { connections: 1600 })
  const flood = await run("three times the rate, open loop", {
    connections: 3000,
    perSecond: top.perSecond * 3,
  })
  await run("160 connections, afterwards", { connections: 160 })
  const counted = await countedClaims()
  if (counted !== claims) throw new Error(`${claims} clicks were answered and ${counted} counted`)
  console.log(`
${cpus().length} cores, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}, ${SECONDS} s each
${claims} clicks answered, ${counted} counted

${table(["clicks", "303 per second", "p50, p99, longest, ms", "503 per second", "p50, p99, longest, ms"], rows)}`)
  const p99 = (measure: string, { times }: LoadResult, status: string, most: number) => ({
    measure,
    unit: "ms",
    goal: { most },
    figures: [times[status]?.p99Ms ?? 0],
  })
  report([
    p99("p99 of a click at half the top rate", atHalf, "303", 10),
    {
      measure: "p99 of an empty answer at the same rate",
      unit: "ms",
      figures: [atHalfEmpty.times["204"]?.p99Ms ?? 0],
    },
    p99("p99 of those served, of 1,600 connections", crowd, "303", 1000),
    p99("p99 of those refused, of 1,600 connections", crowd, "503", 100),
    p99("p99 of those served, at three times the rate", flood, "303", 1000),
    p99("p99 of those refused, at three times the rate", flood, "503", 100),
  ])
} finally {
  await stopChildren()
  await app.stop()
}

function rowOf(what: string, { times }: LoadResult) {
  const cells = ["303", "503"].flatMap((status) => {
    const found = times[status]
    if (!found) return ["0", "–"]
    const { count, p50Ms, p99Ms, longestMs } = found
    return [
      (count / SECONDS).toFixed(0),
      [p50Ms, p99Ms, longestMs].map((each) => each.toFixed(0)).join(", "),
    ]
  })
  return [what, ...cells]
}
