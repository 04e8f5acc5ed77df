import { readFileSync, rmSync } from "node:fs"
import { cpus } from "node:os"
import { launchPlain, type PlainBrowser, type PlainPage } from "../e2e/browser/plain-browser.ts"
import { uploadFromDisk } from "../e2e/files/large-file.ts"
import { randomFile } from "../e2e/files/random-file.ts"
import { signInClient } from "../e2e/member-client.ts"
import { openFaultyProxy } from "../e2e/network/faulty-proxy.ts"
import { startApp } from "./app.ts"
import { MIB } from "./figures.ts"
import { ratiosOf, report } from "./measures.ts"
import { runRounds } from "./rounds.ts"

// Measures a large download in Chromium: the page's resumable one (ranges, written to private
// storage, SHA-256 of the whole file compared), until the page says that it is verified; against
// one bare GET, which is the page's ordinary button, until the file is on the disk. Both go through
// a proxy with a limited rate. Rounds alternate and ratios are taken round by round. App, store and
// browser are separate processes on this machine.
// npm run bench -- download [MiB] [rounds] [MiB/s of the line]
const [SIZE = 200, ROUNDS = 5, LINE = 60] = process.argv.slice(2).map(Number)
const BOUND_SECONDS = 170
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

const line = await openFaultyProxy()
const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
line.forwardTo(app.storeUrl)

try {
  const link = await share()
  await app.restart({ S3_PUBLIC_ENDPOINT: line.url })
  line.limitRate(LINE * MIB)
  const browser = await launchPlain()
  console.log(`${cpus().length} cores, Node ${process.version}, load ${load()}`)
  const [bare, verified]: [number[], number[]] = [[], []]
  await runRounds({ most: ROUNDS, seconds: BOUND_SECONDS }, async (round) => {
    const times = [
      await inNewPage(browser, link, bareGet),
      await inNewPage(browser, link, resumable),
    ] as const
    bare.push(SIZE / times[0])
    verified.push(SIZE / times[1])
    const rates = times.map((seconds) => (SIZE / seconds).toFixed(0)).join(", ")
    console.log(`round ${round}: bare GET, verified ${rates} MiB/s, load ${load()}`)
  })
  await browser.close()
  report([
    {
      measure: `resumable download of ${SIZE} MiB on a line of ${LINE} MiB/s`,
      against: "bare GET",
      figures: ratiosOf(verified, bare),
      goal: { least: 0.9 },
    },
  ])
} finally {
  await app.stop()
  await line.close()
}

async function share() {
  const film = randomFile("film.mov", SIZE * MIB)
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

async function inNewPage(
  browser: PlainBrowser,
  link: string,
  act: (page: PlainPage) => Promise<number>,
) {
  const page = await browser.open(link)
  const seconds = await act(page)
  await page.close()
  return seconds
}

/** Seconds from the click until the file is on the disk. */
async function bareGet(page: PlainPage) {
  const startedAt = performance.now()
  const saved = page.nextDownload()
  await page.click("Download")
  const file = await saved
  const seconds = (performance.now() - startedAt) / 1000
  rmSync(file)
  return seconds
}

/** Seconds from the click until the page says that the file is verified. */
async function resumable(page: PlainPage) {
  const startedAt = performance.now()
  const saving = page.nextDownload()
  await page.click("Resumable download")
  await page.untilText("Complete and verified")
  const seconds = (performance.now() - startedAt) / 1000
  rmSync(await saving)
  return seconds
}

function load() {
  return readFileSync("/proc/loadavg", "utf8").split(" ")[0]
}
