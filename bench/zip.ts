import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import fs from "node:fs"
import { cpus } from "node:os"
import { openDownloadProxy } from "../e2e/download-proxy.ts"
import { uploadLarge } from "../e2e/large-file.ts"
import { signInClient } from "../e2e/member-client.ts"
import { launchPlain, type PlainBrowser } from "../e2e/plain-browser.ts"
import { residentBytes } from "../e2e/process-memory.ts"
import { uploadFiles } from "../e2e/upload-files.ts"
import { startApp } from "./app.ts"
import { MIB, mib, ratios, spread, table } from "./figures.ts"
import { report } from "./measures.ts"
import { browserSeconds } from "./process-usage.ts"
import { runRounds } from "./rounds.ts"

// "Download all" in Chromium as one ZIP of many files, against `curl` of the same objects one after
// another and against one bare GET of as many bytes by `curl`, in the same round. The ZIP goes
// through the service worker to the disk, and is timed from the click until it is there. First on
// loopback, then on a line: all three go through a proxy that lets so many MiB/s pass. The line gets
// a quarter of the files, so that there is time for as many rounds. The memory is that of all
// processes of the browser together: at its highest less what it was before.
//   npm run bench -- zip [MiB] [files] [rounds] [MiB/s of the line]
const [SIZE = 2048, FILES = 1000, ROUNDS = 5, LINE = 60] = process.argv.slice(2).map(Number)
const PHASE_SECONDS = { loopback: 200, line: 150 }
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }
const EACH = Math.floor((SIZE * MIB) / FILES)

/** Links of so many files, and of one object with as many bytes. */
type Links = { files: number; many: string; single: string }
type Timed = { bare: number; curl: number; zip: number; grown: number; cost: Cost }
type Cost = Record<string, number>

const line = await openDownloadProxy()
const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
line.forwardTo(app.storeUrl)

try {
  const [all, quarter] = await share()
  const browser = await launchPlain()
  console.log(`${cpus().length} cores, Node ${process.version}, load ${load()}`)
  const onLoopback = await measure(browser, all, "loopback")
  await app.restart({ S3_PUBLIC_ENDPOINT: line.url })
  line.limitRate(LINE * MIB)
  const onLine = await measure(browser, quarter, "line")
  await browser.close()
  const head = ["run", "bare GET, MiB/s", "curl one by one, MiB/s", "ZIP, MiB/s"]
  const compared = ["ZIP to bare GET (goal on the line 0.8)", "ZIP to curl", "browser grew by"]
  const rows = [row(`line of ${LINE} MiB/s`, quarter, onLine), row("loopback", all, onLoopback)]
  console.log(`\n${table([...head, ...compared], rows)}`)
  console.log(`\nthe ZIP's processor time on loopback, ms per MiB: ${costText(all, onLoopback)}`)
  console.log(`load ${load()}`)
  report(
    [
      { where: `on a line of ${LINE} MiB/s`, timed: onLine, goal: { goal: { least: 0.8 } } },
      { where: "on loopback", timed: onLoopback, goal: {} },
    ].map(({ where, timed, goal }) => ({
      measure: `ZIP of many files ${where}`,
      against: "bare GET",
      figures: timed.map(({ bare, zip }) => bare / zip),
      ...goal,
    })),
  )
} finally {
  await app.stop()
  await line.close()
}

async function share(): Promise<[Links, Links]> {
  const member = await signInClient(app.url, ADMIN)
  const bytes = randomBytes(EACH)
  const names = Array.from({ length: FILES }, (_, at) => ({ name: `${at}.bin`, bytes }))
  const ids = await uploadFiles(member, names)
  const linksOf = async (files: number): Promise<Links> => {
    const one = await uploadLarge(member, "one.bin", EACH * files)
    const many = await member.shareFiles(ids.slice(0, files), { mintTtlSeconds: 300 })
    const single = await member.shareFiles([one.id], { mintTtlSeconds: 300 })
    return { files, many: many.url, single: single.url }
  }
  const links: [Links, Links] = [await linksOf(FILES), await linksOf(Math.ceil(FILES / 4))]
  await member.context.dispose()
  return links
}

async function measure(browser: PlainBrowser, links: Links, where: "loopback" | "line") {
  const size = (EACH * links.files) / MIB
  const timed: Timed[] = []
  await runRounds({ most: ROUNDS, seconds: PHASE_SECONDS[where] }, async (round) => {
    const bare = await curl(links.single)
    const each = await curl(links.many)
    const zip = await downloadZip(browser, links)
    timed.push({ bare, curl: each, zip: zip.seconds, grown: zip.grown, cost: zip.cost })
    const rates = [bare, each, zip.seconds].map((seconds) => (size / seconds).toFixed(0))
    console.log(
      `${where}, round ${round}: bare GET, curl one by one, ZIP ${rates.join(", ")} MiB/s: ${(bare / zip.seconds).toFixed(2)}; browser +${mib(zip.grown)}, load ${load()}`,
    )
  })
  return timed
}

function row(where: string, { files }: Links, timed: Timed[]) {
  const size = (EACH * files) / MIB
  const rates = (name: "bare" | "curl" | "zip") => timed.map((each) => size / each[name])
  return [
    `${where}, ${size.toFixed(0)} MiB in ${files} files, ${timed.length} rounds`,
    spread(rates("bare")),
    spread(rates("curl")),
    spread(rates("zip")),
    ratios(rates("zip"), rates("bare")),
    ratios(rates("zip"), rates("curl")),
    mib(Math.max(...timed.map(({ grown }) => grown))),
  ]
}

function costText({ files }: Links, timed: Timed[]) {
  const size = (EACH * files) / MIB
  return ["browser", "renderer", "network"]
    .map((kind) => {
      const seconds = timed.reduce((sum, { cost }) => sum + (cost[kind] ?? 0), 0) / timed.length
      return `${kind} ${((1000 * seconds) / size).toFixed(1)}`
    })
    .join(", ")
}

/** Seconds that curl takes for all files of a link on one connection, to the disk. */
async function curl(link: string) {
  const answer = await fetch(`${link}/claim`, { method: "POST" })
  const { files }: { files: { url: string }[] } = await answer.json()
  const target = `${app.directory}/curl.bin`
  const config = files.map(({ url }) => `url = "${url}"\noutput = "${target}"`).join("\n")
  const startedAt = performance.now()
  // Not spawnSync: the line runs in this process.
  const child = spawn("curl", ["-sSf", "-K", "-"], { stdio: ["pipe", "inherit", "inherit"] })
  child.stdin.end(config)
  const code = await new Promise((resolve) => child.once("close", resolve))
  if (code !== 0) throw new Error(`curl ended with ${code}.`)
  const seconds = (performance.now() - startedAt) / 1000
  fs.rmSync(target)
  return seconds
}

async function downloadZip(browser: PlainBrowser, { files, many }: Links) {
  const page = await browser.open(many)
  const before = await browserSeconds(browser)
  const resident = async () => residentBytes((await browser.processes()).map(({ id }) => id))
  const atFirst = await resident()
  let most = atFirst
  const timer = setInterval(async () => {
    most = Math.max(most, await resident())
  }, 250)
  const startedAt = performance.now()
  const downloaded = page.nextDownload()
  await page.click("Download all")
  const file = await downloaded
  const seconds = (performance.now() - startedAt) / 1000
  clearInterval(timer)
  const after = await browserSeconds(browser)
  const spent = Object.entries(after).map(([kind, all]) => [kind, all - (before[kind] ?? 0)])
  const { size } = fs.statSync(file)
  if (size < EACH * files) throw new Error(`The archive has ${size} bytes.`)
  fs.rmSync(file)
  await page.untilText(`All ${files.toLocaleString("en")} files are in`)
  await page.close()
  return { seconds, grown: most - atFirst, cost: Object.fromEntries(spent) as Cost }
}

function load() {
  return fs.readFileSync("/proc/loadavg", "utf8").split(" ")[0]
}
