import { readFileSync, rmSync } from "node:fs"
import { cpus } from "node:os"
import { openFaultyProxy } from "../e2e/faulty-proxy.ts"
import { uploadFromDisk } from "../e2e/large-file.ts"
import { signInClient } from "../e2e/member-client.ts"
import { launchPlain, type PlainBrowser, type PlainPage } from "../e2e/plain-browser.ts"
import { residentBytes } from "../e2e/process-memory.ts"
import { randomFile } from "../e2e/random-file.ts"
import { startApp } from "./app.ts"
import { MIB, mib, ratios, spread, table } from "./figures.ts"
import { report } from "./measures.ts"
import { browserSeconds } from "./process-usage.ts"
import { runRounds } from "./rounds.ts"

// A large download in Chromium: the page's resumable one (ranges, written to private storage,
// SHA-256 of the whole compared), timed until the page says that it is verified, and until the
// browser has saved its copy; against one bare GET, which is the page's ordinary button, timed until
// the file is on the disk. First on a line, a proxy that lets so many MiB/s pass, then on loopback.
// Rounds alternate and ratios are taken round by round. App, store and browser are separate
// processes on this machine. The memory is that of the renderer, its worker included: at its highest
// less what it was before.
//   npm run bench -- download [MiB on the line] [MiB on loopback] [rounds] [MiB/s of the line]
const [ON_LINE = 200, ON_LOOPBACK = 1024, ROUNDS = 5, LINE = 60] = process.argv.slice(2).map(Number)
const PHASE_SECONDS = 170
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

type Timed = { bare: number; verified: number; saved: number; grown: number; cost: Cost }
type Cost = { bare: Record<string, number>; resumable: Record<string, number> }

const line = await openFaultyProxy()
const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
line.forwardTo(app.storeUrl)

try {
  const links = [await share(ON_LINE), await share(ON_LOOPBACK)] as const
  const browser = await launchPlain()
  console.log(`${cpus().length} cores, Node ${process.version}, load ${load()}`)
  const onLoopback = await measure(browser, links[1], ON_LOOPBACK, "loopback")
  await app.restart({ S3_PUBLIC_ENDPOINT: line.url })
  line.limitRate(LINE * MIB)
  const onLine = await measure(browser, links[0], ON_LINE, `a line of ${LINE} MiB/s`)
  await browser.close()
  const rows = [
    row(`line of ${LINE} MiB/s, ${ON_LINE} MiB`, ON_LINE, onLine),
    row(`loopback, ${ON_LOOPBACK} MiB`, ON_LOOPBACK, onLoopback),
  ]
  const head = ["run", "bare GET, MiB/s", "verified, MiB/s", "ratio (goal 0.9)", "copy saved"]
  console.log(`\n${table([...head, "renderer grew by"], rows)}`)
  console.log(`\nprocessor time on loopback, ms per MiB: ${costText(onLoopback)}`)
  console.log(`load ${load()}`)
  report(
    [
      { where: `on a line of ${LINE} MiB/s`, timed: onLine, goal: { goal: { least: 0.9 } } },
      { where: "on loopback", timed: onLoopback, goal: {} },
    ].map(({ where, timed, goal }) => ({
      measure: `resumable download ${where}`,
      against: "bare GET",
      figures: timed.map(({ bare, verified }) => bare / verified),
      ...goal,
    })),
  )
} finally {
  await app.stop()
  await line.close()
}

async function share(size: number) {
  const film = randomFile("film.mov", size * MIB)
  try {
    const member = await signInClient(app.url, ADMIN)
    const file = await uploadFromDisk(member, "film.mov", film)
    const { url } = await member.shareFiles([file.id], { mintTtlSeconds: 300 })
    await member.context.dispose()
    return url
  } finally {
    film.remove()
  }
}

async function measure(browser: PlainBrowser, link: string, size: number, where: string) {
  const timed: Timed[] = []
  await runRounds({ most: ROUNDS, seconds: PHASE_SECONDS }, async (round) => {
    const bare = await inNewPage(browser, link, bareGet)
    const result = await inNewPage(browser, link, (page) => resumable(browser, page))
    const { verified, saved, grown } = result
    const cost = { bare: bare.cost, resumable: result.cost }
    timed.push({ ...{ bare: bare.seconds, verified, saved, grown }, cost })
    const [bareRate, rate] = [size / bare.seconds, size / verified].map((each) => each.toFixed(0))
    const ratio = (bare.seconds / verified).toFixed(2)
    console.log(
      `${where}, round ${round}: bare GET ${bareRate} MiB/s, verified ${rate} MiB/s: ${ratio}; renderer +${mib(grown)}, load ${load()}`,
    )
  })
  return timed
}

function row(run: string, size: number, timed: Timed[]) {
  const rates = (name: "bare" | "verified" | "saved") => timed.map((each) => size / each[name])
  return [
    `${run}, ${timed.length} rounds`,
    spread(rates("bare")),
    spread(rates("verified")),
    ratios(rates("verified"), rates("bare")),
    ratios(rates("saved"), rates("bare")),
    mib(Math.max(...timed.map(({ grown }) => grown))),
  ]
}

/** The processes of the browser that spend any, for the bare GET and for the resumable download. */
function costText(timed: Timed[]) {
  const mean = (values: (number | undefined)[]) =>
    (1000 * values.reduce<number>((sum, value) => sum + (value ?? 0), 0)) /
    (values.length * ON_LOOPBACK)
  const costOf = (how: keyof Cost) =>
    ["browser", "renderer", "network"]
      .map((kind) => `${kind} ${mean(timed.map(({ cost }) => cost[how][kind])).toFixed(1)}`)
      .join(", ")
  return `bare GET: ${costOf("bare")}; verified and copied: ${costOf("resumable")}`
}

async function inNewPage<Result>(
  browser: PlainBrowser,
  link: string,
  act: (page: PlainPage) => Promise<Result>,
) {
  const page = await browser.open(link)
  const before = await browserSeconds(browser)
  const result = await act(page)
  const after = await browserSeconds(browser)
  await page.close()
  const spent = Object.entries(after).map(([kind, all]) => [kind, all - (before[kind] ?? 0)])
  return { ...result, cost: Object.fromEntries(spent) as Record<string, number> }
}

/** Seconds from the click until the file is on the disk. */
async function bareGet(page: PlainPage) {
  const startedAt = performance.now()
  const saved = page.nextDownload()
  await page.click("Download")
  const file = await saved
  const seconds = (performance.now() - startedAt) / 1000
  rmSync(file)
  return { seconds }
}

async function resumable(browser: PlainBrowser, page: PlainPage) {
  const renderers = (await browser.processes()).filter(({ type }) => type === "renderer")
  const resident = () => residentBytes(renderers.map(({ id }) => id))
  const before = resident()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, resident())
  }, 100)
  const startedAt = performance.now()
  const saving = page.nextDownload()
  await page.click("Resumable download")
  await page.untilText("Complete and verified")
  const verified = (performance.now() - startedAt) / 1000
  const file = await saving
  const saved = (performance.now() - startedAt) / 1000
  clearInterval(timer)
  rmSync(file)
  return { verified, saved, grown: most - before }
}

function load() {
  return readFileSync("/proc/loadavg", "utf8").split(" ")[0]
}
