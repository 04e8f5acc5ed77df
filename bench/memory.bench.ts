import { setTimeout as sleep } from "node:timers/promises"
import { startApp, takeDataOf } from "./app.ts"
import { DOCUMENT_HEADERS, requestText } from "./browser/browser-request.ts"
import { MIB, table } from "./figures.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { firstClick, seedLinks } from "./load/click-contenders.ts"
import { claimsOfAll, clicksOn } from "./load/clicks.ts"
import { report } from "./measures.ts"
import { memoryBytes, watchMemory } from "./process-usage.ts"

// Measures the memory of every process of an installation: idle, and after all loads; and the
// maximum of the web process under each load.
// npm run bench -- memory [seconds per load]
const SECONDS = Number(process.argv[2] ?? 10)
/** Long enough for the jobs that run every minute, and for idle connections to be closed. */
const IDLE_MS = 75_000

const ALL = "all of them"

const app = await startApp()
try {
  const { port } = app
  const pid = app.webPid()
  await sleep(IDLE_MS)
  const idle = measureAll()
  const rows: string[][] = []
  let most = 0
  takeDataOf(app)
  const load = startLoad()
  await load({ port, connections: 1, requests: await firstClick(port), seconds: 1 })
  const seed = (count: number, files: number) =>
    seedLinks(count, { minted: true, files: Array.from({ length: files }, (_, n) => `${n}.pdf`) })
  const [small, medium, large] = [await seed(50, 1), await seed(5, 50), await seed(1, 10_000)]
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
    const largest = watchMemory(pid)
    await load({ port, requests: [...requests], connections, seconds: SECONDS })
    const bytes = largest()
    most = Math.max(most, bytes)
    rows.push([what, mib(bytes)])
  }
  await sleep(IDLE_MS)
  const afterwards = measureAll()
  const processes = [...idle].map(([name, bytes]) => [
    name,
    mib(bytes),
    mib(afterwards.get(name) ?? 0),
  ])
  console.log(`
${table(["process", "idle", "idle after all loads"], processes)}

${table([`load, ${SECONDS} s each`, "web process, at most"], rows)}`)
  const memory = (measure: string, bytes: number, goal: number) => ({
    measure,
    unit: "MiB",
    figures: [bytes / MIB],
    goal: { most: goal },
  })
  report([
    memory("memory of the whole installation, idle", idle.get(ALL) ?? 0, 400),
    memory("memory of the web process, idle", idle.get("web processes") ?? 0, 180),
    memory("memory of the web process, at most under all loads", most, 350),
  ])
} finally {
  await stopChildren()
  await app.stop()
}

/** The bytes of each kind of process, and of all. */
function measureAll() {
  const sum = (bytes: number[]) => bytes.reduce((one, other) => one + other, 0)
  const kinds = Object.entries(app.processes()).map(
    ([name, pids]) => [name, sum(pids.map(memoryBytes))] as const,
  )
  return new Map<string, number>([...kinds, [ALL, sum(kinds.map(([, bytes]) => bytes))]])
}

function mib(bytes: number) {
  return `${(bytes / MIB).toFixed(0)} MiB`
}
