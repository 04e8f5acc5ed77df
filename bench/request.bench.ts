import { cpus, loadavg } from "node:os"
import type { Page } from "@playwright/test"
import { randomFile } from "../e2e/files/random-file.ts"
import { read, signInClient } from "../e2e/member-client.ts"
import { openFaultyProxy } from "../e2e/network/faulty-proxy.ts"
import { startApp } from "./app.ts"
import { barePut } from "./browser/bare-put.ts"
import { launchBrowser } from "./browser/browser.ts"
import { DOCUMENT_HEADERS, requestText } from "./browser/browser-request.ts"
import { MIB, median, medianRatio, mibPerSecond, spread } from "./figures.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { ratiosOf, report } from "./measures.ts"
import { memoryBytes, watchMemory } from "./process-usage.ts"
import { seedShares } from "./seeds/seed-shares.ts"

// Measures a request for files: a large upload by a guest in Chromium, from the choice of the file
// until it has arrived, against one bare presigned PUT of the same file by the same page to the same
// store on a line; and the pages of requests, whose views are counted, against those of shares of
// one file. Rounds alternate, and ratios are taken round by round.
// npm run bench -- request [MiB] [rounds] [MiB/s of the line] [seconds of pages]
const SIZE = Number(process.argv[2] ?? 1024) * MIB
const ROUNDS = Number(process.argv[3] ?? 3)
const LINE = Number(process.argv[4] ?? 60) * MIB
const SECONDS = Number(process.argv[5] ?? 3)
const LINKS = 20
const CONNECTIONS = 16
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

const film = randomFile("film.mov", SIZE)
const line = await openFaultyProxy()
const app = await startApp({
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
  S3_PUBLIC_ENDPOINT: line.url,
})
line.forwardTo(app.storeUrl)

try {
  const member = await signInClient(app.url, ADMIN)
  const ask = async () => {
    const input = { title: "Photos, please", folder: "", maxBytes: 100 * Math.max(SIZE, MIB) }
    const { url } = await read<{ url: string }>(await member.post("/requests", input), 201)
    return new URL(url).pathname
  }
  if (SECONDS > 0) await measurePages()
  line.limitRate(LINE)
  if (SIZE > 0) await measureUploads(await ask())
  await member.context.dispose()

  async function measurePages() {
    const requests: string[] = []
    for (let n = 0; n < LINKS; n++) requests.push(await ask())
    const shares = (await seedShares(member, LINKS))["1 file"].map(({ path }) => path)
    const load = startLoad()
    const drive = async (paths: string[]) => {
      const headers = { Host: `localhost:${app.port}`, ...DOCUMENT_HEADERS }
      const texts = paths.map((path) => requestText(`GET ${path}`, headers))
      const options = { port: app.port, connections: CONNECTIONS, seconds: SECONDS }
      const { perSecond, statuses } = await load({ ...options, requests: texts })
      if (Object.keys(statuses).some((status) => status !== "200"))
        throw new Error(`The pages answered ${JSON.stringify(statuses)}.`)
      return perSecond
    }
    const rates = { requests: [] as number[], shares: [] as number[] }
    for (let round = 0; round <= ROUNDS; round++) {
      const [ofShares, ofRequests] = [await drive(shares), await drive(requests)]
      if (round === 0) continue
      rates.shares.push(ofShares)
      rates.requests.push(ofRequests)
    }
    console.log(`
${cpus().length} cores, Node ${process.version}, load ${load1()}, ${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${SECONDS} s
pages of shares    ${spread(rates.shares)}/s
pages of requests  ${spread(rates.requests)}/s   ${medianRatio(rates.requests, rates.shares).toFixed(2)} of those of shares (goal 0.9)`)
    report([
      {
        measure: "page of a request",
        against: "page of a share of one file",
        figures: ratiosOf(rates.requests, rates.shares),
        goal: { least: 0.9 },
      },
    ])
  }

  async function measureUploads(path: string) {
    const browser = await launchBrowser()
    const page = await browser.newPage({ baseURL: app.url })
    const rates = { guest: [] as number[], bare: [] as number[] }
    const memory: number[] = []
    const file = { path: film.path, size: SIZE }
    for (let round = 0; round <= ROUNDS; round++) {
      const bare = await barePut(page, { app, storeUrl: line.url, from: path, file })
      const before = memoryBytes(app.webPid())
      const maximum = watchMemory(app.webPid())
      const sent = await send(page, path)
      const grown = maximum() - before
      console.log(
        `round ${round}: bare ${mibPerSecond(SIZE / bare)}  guest ${mibPerSecond(SIZE / sent)}  ratio ${(bare / sent).toFixed(2)}  load ${load1()}  web process grew by ${(grown / MIB).toFixed(1)} MiB at most`,
      )
      // The first round warms up.
      if (round === 0) continue
      rates.bare.push(SIZE / bare)
      rates.guest.push(SIZE / sent)
      memory.push(grown)
    }
    await browser.close()
    console.log(`
${SIZE / MIB} MiB on a line of ${LINE / MIB} MiB/s, medians of ${ROUNDS} rounds
bare presigned PUT  ${mibPerSecond(median(rates.bare))}
upload by a guest   ${mibPerSecond(median(rates.guest))}   ${medianRatio(rates.guest, rates.bare).toFixed(2)} of the bare PUT (goal 0.9)`)
    report([
      {
        measure: `upload by a guest of ${SIZE / MIB} MiB on a line of ${LINE / MIB} MiB/s`,
        against: "bare PUT",
        figures: ratiosOf(rates.guest, rates.bare),
        goal: { least: 0.9 },
      },
      {
        measure: "web process grew under an upload by a guest, at most",
        unit: "MiB",
        figures: memory.map((grown) => grown / MIB),
        goal: { most: 32 },
      },
    ])
  }
} finally {
  await stopChildren()
  await app.stop()
  await line.close()
  film.remove()
}

/** Seconds from the choice of the file until the page says that it has arrived. */
async function send(page: Page, path: string) {
  await page.goto(path)
  const startedAt = performance.now()
  await page.getByLabel("Choose files").setInputFiles(film.path)
  await page.getByText("· Arrived").waitFor({ timeout: 600_000 })
  const seconds = (performance.now() - startedAt) / 1000
  // So that the disk holds one at a time.
  await page.getByRole("button", { name: "Withdraw: film.mov" }).click()
  await page.getByText("· Arrived").waitFor({ state: "hidden" })
  return seconds
}

function load1() {
  return loadavg()[0]?.toFixed(1)
}
