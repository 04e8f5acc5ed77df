import { type ChildProcess, fork } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { cpus } from "node:os"
import path from "node:path"
import { databaseUrl } from "#server/embedded/postgres-socket.ts"
import { median, startApp } from "./app.ts"
import type { Load, Loaded } from "./load.ts"

// Clicks per second of new visitors, as a ratio to an empty route of the same Next server and to a
// bare node:http handler that runs the same statement, for one click, and the same signature. App,
// database, store, bare handler and load generator are processes of their own. The processor time of
// the answering process and of the database is measured too: on a machine that does other things as
// well it says more than the rate.
//   npm run bench -- click [rounds] [seconds per measurement]
const ROUNDS = Number(process.argv[2] ?? 7)
const SECONDS = Number(process.argv[3] ?? 4)
const SHARES = 200
const VISITORS = 4000
const CONNECTIONS = 16
const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

const root = path.join(import.meta.dirname, "..")
const children: ChildProcess[] = []
const app = await startApp()

try {
  const { port } = app
  takeDataOfApp()
  const { links, clicks } = await seed(port)
  const bare = await startBare()
  const load = startLoad()
  const appSeconds = () => app.metric("process_cpu_seconds_total")

  const contenders = {
    empty: { port, requests: [emptyRequest(port)], status: "204", seconds: appSeconds },
    click: { port, requests: clicks, status: "303", seconds: appSeconds },
    bare: { port: bare.port, requests: clicks, status: "303", seconds: bare.seconds },
  }
  type Name = keyof typeof contenders
  const names: Name[] = ["empty", "click", "bare"]
  const rates: Record<Name, number[]> = { empty: [], click: [], bare: [] }
  const costs: Record<Name, number[]> = { empty: [], click: [], bare: [] }
  const databaseCosts: Record<Name, number[]> = { empty: [], click: [], bare: [] }
  let claims = 0
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const { status, seconds, ...target } = contenders[name]
      const [before, databaseBefore] = [await seconds(), databaseSeconds()]
      const result = await load({ ...target, connections: CONNECTIONS, seconds: SECONDS })
      const cost = (await seconds()) - before
      const databaseCost = databaseSeconds() - databaseBefore
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
    const rate = median(rates[name])
    const ratio = median(rates.click.map((click, round) => click / (rates[name][round] ?? 1)))
    const cost = median(costs[name])
    const databaseCost = median(databaseCosts[name])
    const cheaper = median(costs.click.map((click, round) => (costs[name][round] ?? 0) / click))
    return `${what} ${rate.toFixed(0).padStart(6)}/s ${cost.toFixed(0).padStart(5)} µs, database ${databaseCost.toFixed(0).padStart(4)} µs   click: ${ratio.toFixed(2)} of the rate, ${cheaper.toFixed(2)} by processor time`
  }
  console.log(`
${cpus().length} cores, Node ${process.version}, ${CONNECTIONS} connections, ${SHARES} shares, medians of ${ROUNDS} rounds
${line("click                 ", "click")}
${line("empty route of Next   ", "empty")} (goal 1.3)
${line("bare node:http handler", "bare")} (goal 0.7)`)
} finally {
  await stopChildren()
  await app.stop()
}

/** The app's own database, store and secrets, for the bare handler and the seed. */
function takeDataOfApp() {
  const { secret, directory, storeUrl } = app
  Object.assign(process.env, {
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl(path.join(directory, "postgres")),
    AUTH_SECRET: secret("auth-secret"),
    LINK_SECRET: secret("link-secret"),
    S3_BUCKET: "lapse",
    S3_ENDPOINT: storeUrl,
    S3_FORCE_PATH_STYLE: "true",
    AWS_ACCESS_KEY_ID: secret("local-s3-access-key-id"),
    AWS_SECRET_ACCESS_KEY: secret("local-s3-secret-access-key"),
  })
}

/** Shares as a member makes them, and a click on one of them for each of many new visitors. */
async function seed(port: number) {
  const { aLink } = await import("#testing/a-link.ts")
  const { newVisitId, signVisit } = await import("#lib/claims/visitor-cookies.ts")
  const links: Awaited<ReturnType<typeof aLink>>[] = []
  for (let n = 0; n < SHARES; n++) links.push(await aLink({ minted: true }))
  const clicks = Array.from({ length: VISITORS }, (_, n) => {
    const { token, fileId } = links[n % SHARES] ?? { token: "", fileId: "" }
    return [
      `POST /s/${token}/d/${fileId} HTTP/1.1`,
      `Host: localhost:${port}`,
      `User-Agent: ${USER_AGENT}`,
      "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      "Accept-Language: en",
      `Cookie: lapse-visit=${signVisit(newVisitId())}`,
      `Origin: http://localhost:${port}`,
      `Referer: http://localhost:${port}/s/${token}`,
      "Content-Type: application/x-www-form-urlencoded",
      "Content-Length: 0",
      "\r\n",
    ].join("\r\n")
  })
  return { links, clicks }
}

// Next answers OPTIONS of a route by itself: routing and rendering, and no work in it.
function emptyRequest(port: number) {
  return `OPTIONS /api/health HTTP/1.1\r\nHost: localhost:${port}\r\nUser-Agent: ${USER_AGENT}\r\nAccept: */*\r\n\r\n`
}

function forked(program: string) {
  const hook = path.join(root, "server/server-only.mjs")
  const child = fork(path.join(import.meta.dirname, program), [], {
    execArgv: ["--import", hook],
  })
  children.push(child)
  return child
}

async function startBare() {
  const child = forked("bare-click.ts")
  const answer = answersOf<number | NodeJS.CpuUsage>(child)
  const port = Number(await answer())
  const seconds = async () => {
    child.send("cpu")
    const usage = await answer()
    return typeof usage === "number" ? usage : (usage.user + usage.system) / 1e6
  }
  return { port, seconds }
}

function startLoad() {
  const child = forked("load.ts")
  const answer = answersOf<Loaded>(child)
  return (load: Load) => {
    child.send(load)
    return answer()
  }
}

/** The next message of a child; a child that ends is an error. */
function answersOf<Message>(child: ChildProcess) {
  let fail = (_error: Error) => {}
  child.once("exit", (code) => fail(new Error(`A process of the bench ended with ${code}.`)))
  return () =>
    new Promise<Message>((resolve, reject) => {
      fail = reject
      child.once("message", (message: Message) => resolve(message))
    })
}

/** What the server of PostgreSQL and its processes have used so far, those that ended included; Linux only. */
function databaseSeconds() {
  const file = path.join(app.directory, "postgres/cluster/postmaster.pid")
  const server = readFileSync(file, "utf8").split("\n", 1)[0] ?? ""
  let ticks = 0
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const [parent, ...used] = statOf(pid)
    if (pid === server) ticks += used.reduce((sum, each) => sum + each, 0)
    else if (parent === Number(server)) ticks += (used[0] ?? 0) + (used[1] ?? 0)
  }
  return ticks / 100
}

/** Parent, utime, stime, cutime and cstime (proc_pid_stat(5)); zeros for a process that just ended. */
function statOf(pid: string) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    return [1, 11, 12, 13, 14].map((index) => Number(fields[index]))
  } catch {
    return [0, 0, 0, 0, 0]
  }
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

async function stopChildren() {
  for (const child of children.reverse()) {
    if (child.exitCode !== null) continue
    child.removeAllListeners("exit")
    const ended = new Promise((resolve) => child.once("exit", resolve))
    child.kill("SIGTERM")
    await ended
  }
}

function last(values: number[]) {
  return values.at(-1)?.toFixed(0) ?? "(warm-up)"
}
