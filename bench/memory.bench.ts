import { cpus, loadavg } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"
import { startApp, takeDataOf } from "./app.ts"
import { DOCUMENT_HEADERS, requestText } from "./browser/browser-request.ts"
import { MIB, mib, table } from "./figures.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { firstClick } from "./load/click-contenders.ts"
import { claimsOfAll, clicksOn } from "./load/clicks.ts"
import { report } from "./measures.ts"
import { processSeconds, residentBytes, watchMemory } from "./process-usage.ts"

// Measures the resident memory of the web process: idle, the maximum under each load, and after all
// loads; and of the main process.
// npm run bench -- memory [seconds per load]
const SECONDS = Number(process.argv[2] ?? 10)
const IDLE_MS = 5000

const app = await startApp()
try {
  const { port } = app
  const pid = app.webPid()
  await sleep(IDLE_MS)
  const idle = residentBytes(pid)
  const main = residentBytes(app.mainPid())
  const rows = [
    ["main process, idle", "", "", mib(main)],
    ["idle, fresh", "", "", mib(idle)],
  ]
  let most = 0
  takeDataOf(app)
  const load = startLoad()
  await load({ port, connections: 1, requests: await firstClick(port), seconds: 1 })
  const small = await seed(50, 1)
  const medium = await seed(5, 50)
  const large = await seed(1, 10_000)
  const page = (path: string) =>
    requestText(`GET ${path}`, { Host: `localhost:${port}`, ...DOCUMENT_HEADERS })
  const loads = [
    ["clicks", 160, clicksOn(port, small)],
    ["pages of 50 files", 32, medium.map(({ token }) => page(`/s/${token}`))],
    ["/sign-in", 32, [page("/sign-in")]],
    ["claims of 10,000 files", 4, claimsOfAll(port, large)],
    ["clicks, 1,600 connections", 1600, clicksOn(port, small)],
    ["clicks", 160, clicksOn(port, small)],
  ] as const
  for (const [what, connections, requests] of loads) {
    const [largest, before] = [watchMemory(pid), processSeconds(pid)]
    const result = await load({ port, requests: [...requests], connections, seconds: SECONDS })
    const answered = Object.values(result.statuses).reduce((sum, count) => sum + count, 0)
    const microseconds = ((processSeconds(pid) - before) / answered) * 1e6
    const bytes = largest()
    most = Math.max(most, bytes)
    rows.push([what, result.perSecond.toFixed(0), microseconds.toFixed(0), mib(bytes)])
  }
  await sleep(IDLE_MS)
  rows.push(["idle, afterwards", "", "", mib(residentBytes(pid))])
  console.log(`
${cpus().length} cores, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}, ${SECONDS} s each

${table(["load, in turn", "per second", "web process, µs each", "at most"], rows)}`)
  const memory = (measure: string, bytes: number, goal: number) => ({
    measure,
    unit: "MiB",
    figures: [bytes / MIB],
    goal: { most: goal },
  })
  report([
    memory("memory of the web process, idle", idle, 180),
    { measure: "memory of the main process, idle", unit: "MiB", figures: [main / MIB] },
    memory("memory of the web process, at most under all loads", most, 350),
  ])
} finally {
  await stopChildren()
  await app.stop()
}

async function seed(count: number, files: number) {
  const { aLink } = await import("#testing/builders/a-link.ts")
  const names = Array.from({ length: files }, (_, n) => `${n}.pdf`)
  const links: Awaited<ReturnType<typeof aLink>>[] = []
  for (let n = 0; n < count; n++) links.push(await aLink({ minted: true, files: names }))
  return links
}
