import type { App } from "../app.ts"
import { table } from "../figures.ts"
import { report } from "../measures.ts"
import { startLoad, stopChildren } from "./child-processes.ts"
import { countedClaims, seedLinks } from "./click-contenders.ts"
import { clicksOn } from "./clicks.ts"
import type { Load, LoadResult } from "./load.ts"

const SHARES = 200

/**
 * Measures the answers that clients get when more clicks come than the app can answer, and at half
 * of that rate. Open loops count from the time at which a request was due. Afterwards the number of
 * clicks answered 303 must equal the number of counted claims.
 */
export async function measureOverload({ port }: App, seconds: number) {
  const load = startLoad()
  const requests = clicksOn(port, await seedLinks(SHARES, { minted: true }))
  const rows: string[][] = []
  let claims = 0

  const run = async (what: string, how: Pick<Load, "connections" | "perSecond">) => {
    const result = await load({ port, requests, seconds, ...how })
    claims += result.times["303"]?.count ?? 0
    rows.push([what, ...["303", "503"].flatMap((status) => cellsOf(result, status))])
    return result
  }
  await run("16 connections, to warm up", { connections: 16 })
  const top = await run("160 connections", { connections: 160 })
  if (top.times["503"]) throw new Error("160 connections were refused a click")
  const half = { connections: 160, perSecond: top.perSecond / 2 }
  const atHalf = await run("half of that rate, open loop", half)
  const crowd = await run("1,600 connections", { connections: 1600 })
  const triple = { connections: 3000, perSecond: top.perSecond * 3 }
  const flood = await run("three times the rate, open loop", triple)
  await run("160 connections, afterwards", { connections: 160 })
  await stopChildren()
  const counted = await countedClaims()
  if (counted !== claims) throw new Error(`${claims} clicks were answered and ${counted} counted`)

  const head = [
    "303 per second",
    "p50, p99, longest, ms",
    "503 per second",
    "p50, p99, longest, ms",
  ]
  console.log(`\n${claims} clicks answered and counted\n${table(["clicks", ...head], rows)}`)
  const p99 = (measure: string, { times }: LoadResult, status: string, most: number) => ({
    measure: `p99 of ${measure}`,
    unit: "ms",
    goal: { most },
    figures: [times[status]?.p99Ms ?? 0],
  })
  report([
    p99("a click at half the top rate", atHalf, "303", 10),
    p99("those served, of 1,600 connections", crowd, "303", 1000),
    p99("those refused, of 1,600 connections", crowd, "503", 100),
    p99("those served, at three times the rate", flood, "303", 1000),
    p99("those refused, at three times the rate", flood, "503", 100),
  ])

  function cellsOf({ times }: LoadResult, status: string) {
    const found = times[status]
    if (!found) return ["0", "–"]
    const { count, p50Ms, p99Ms, longestMs } = found
    const milliseconds = [p50Ms, p99Ms, longestMs].map((each) => each.toFixed(0))
    return [(count / seconds).toFixed(0), milliseconds.join(", ")]
  }
}
