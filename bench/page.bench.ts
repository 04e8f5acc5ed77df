import { cpus } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"
import { signInClient } from "../e2e/member-client.ts"
import { startApp } from "./app.ts"
import { launchBrowser } from "./browser/browser.ts"
import { DOCUMENT_HEADERS, fetchAsBrowser, requestText } from "./browser/browser-request.ts"
import { type Size, weighPage } from "./browser/page-weight.ts"
import { type PhoneVisit, visitByPhone } from "./browser/phone.ts"
import { kib, MIB, median, medianRatio, mib, spread, table } from "./figures.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import type { LoadResult } from "./load/load.ts"
import { type Goal, ratiosOf, report } from "./measures.ts"
import { databaseSeconds, memoryBytes, processSeconds, watchMemory } from "./process-usage.ts"
import { measureLargePages } from "./seeds/large-pages.ts"
import { countedViews, seedShares } from "./seeds/seed-shares.ts"

// Measures the visitor's page: pages per second, processor time and memory with new visitors whose
// views are counted, beside an empty route of Next; the bytes that a browser loads; and how soon a
// tap on a phone is answered. It uses the page by HTTP only, so it measures every implementation
// alike.
// npm run bench -- page [rounds] [seconds] [memory seconds] [phone visits] [large rounds]
// A value of 0 skips its part.
const ROUNDS = Number(process.argv[2] ?? 5)
const SECONDS = Number(process.argv[3] ?? 3)
const MEMORY_SECONDS = Number(process.argv[4] ?? 40)
const PHONE_VISITS = Number(process.argv[5] ?? 5)
const LARGE_ROUNDS = Number(process.argv[6] ?? 5)
const SHARES_OF_EACH = 20
const CONNECTIONS = 16
const IDLE_MS = 5000
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

const OPEN = ["1 file", "50 files", "300 files"] as const
const KINDS = [...OPEN, "locked", "lapsed"] as const
const NAMES = ["empty", ...KINDS] as const
type Name = (typeof NAMES)[number]

/** The status and a text of each page, and whether a visit counts as a view. */
const EXPECTED: Record<Name, { status: number; text: string; countsView: boolean }> = {
  empty: { status: 401, text: "signed_out", countsView: false },
  "1 file": { status: 200, text: "Quarterly report", countsView: true },
  "50 files": { status: 200, text: "Statement 050", countsView: true },
  "300 files": { status: 200, text: "Statement 151", countsView: true },
  locked: { status: 200, text: 'name="password"', countsView: true },
  lapsed: { status: 410, text: "This link has expired", countsView: false },
}

const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
try {
  const member = await signInClient(app.url, ADMIN)
  const shares = await seedShares(member, SHARES_OF_EACH)
  const load = startLoad()
  let views = 0

  console.log(`\n${cpus().length} cores, Node ${process.version}, ${CONNECTIONS} connections`)
  if (MEMORY_SECONDS > 0) await measureMemory()
  if (ROUNDS > 0) await measureRates()
  const counted = await countedViews(member, Object.values(shares).flat())
  if (counted !== views) throw new Error(`${views} pages were answered and ${counted} counted`)
  console.log(`\n${views} pages answered, ${counted} views counted`)
  await measureInBrowser()
  if (LARGE_ROUNDS > 0) await measureLargePages(app, member, LARGE_ROUNDS)
  await member.context.dispose()

  /** Measures a new web process that has answered only its health check. */
  async function measureMemory() {
    await app.restart()
    await sleep(IDLE_MS)
    const pid = app.webPid()
    const idle = memoryBytes(pid)
    const maximum = watchMemory(pid)
    const pages = shares["1 file"].flatMap((_, n) =>
      OPEN.map((kind) => shares[kind][n]?.path ?? ""),
    )
    const result = await drive(pages, MEMORY_SECONDS)
    const largest = maximum()
    views += countAnswers("1 file", result)
    const rate = result.perSecond.toFixed(0)
    console.log(`
web process: ${mib(idle)} idle, at most ${mib(largest)} (goal 350 MiB) in ${MEMORY_SECONDS} s of
open pages of all sizes, ${rate}/s`)
    report([
      { measure: "memory of the web process, idle", unit: "MiB", figures: [idle / MIB] },
      {
        measure: "memory of the web process under pages, at most",
        unit: "MiB",
        figures: [largest / MIB],
        goal: { most: 350 },
      },
    ])
  }

  async function measureRates() {
    for (const name of NAMES) views += await checkPage(name)
    const perSecond = listForEach()
    const web = listForEach()
    const database = listForEach()
    const generator = listForEach()
    for (let round = 0; round <= ROUNDS; round++) {
      for (const name of NAMES) {
        const before = usage()
        const result = await drive(pathsOf(name), SECONDS)
        const after = usage()
        const count = countAnswers(name, result)
        if (EXPECTED[name].countsView) views += count
        // The first round warms up.
        if (round === 0) continue
        perSecond[name].push(result.perSecond)
        web[name].push(((after.web - before.web) / count) * 1e6)
        database[name].push(((after.database - before.database) / count) * 1e6)
        generator[name].push(result.ownMicroseconds)
      }
    }
    const rows = NAMES.map((name) => [
      name,
      spread(perSecond[name]),
      medianRatio(perSecond[name], perSecond.empty).toFixed(2),
      spread(web[name]),
      medianRatio(web.empty, web[name]).toFixed(2),
      median(database[name]).toFixed(0),
      median(generator[name]).toFixed(0),
    ])
    const head = ["page", "pages/s", "× empty", "web, µs", "× less than empty"]
    console.log(`
medians of ${ROUNDS} rounds of ${SECONDS} s (smallest–largest), µs of processor time for each page
${table([...head, "database, µs", "load generator, µs"], rows)}
"empty" is an empty route of Next; goals: 1.6 × its rate with 1 file, 0.8 × with 50`)
    const goals: Partial<Record<Name, Goal>> = {
      "1 file": { least: 1.6 },
      "50 files": { least: 0.8 },
    }
    report(
      KINDS.map((name) => ({
        measure: `page, ${name}`,
        against: "an empty route of Next",
        figures: ratiosOf(perSecond[name], perSecond.empty),
        ...(goals[name] ? { goal: goals[name] } : {}),
      })),
    )
  }

  async function measureInBrowser() {
    const browser = await launchBrowser()
    try {
      console.log(`\n${await weighAll()}`)
      if (PHONE_VISITS > 0) console.log(`\n${await visitAll()}`)
    } finally {
      await browser.close()
    }

    async function weighAll() {
      const uncompressed = new Set<string>()
      const rows: string[][] = []
      const scriptsOf: Partial<Record<Name, number>> = {}
      for (const kind of KINDS) {
        const weight = await weighPage(browser, app.url + pathsOf(kind)[0])
        for (const file of weight.uncompressed) uncompressed.add(file)
        const { html, scripts, scriptFiles, inlineScripts, styles, fonts, other } = weight
        const cells = [html, scripts, inlineScripts, styles, fonts, other].map(sizeText)
        rows.push([kind, ...cells, String(scriptFiles)])
        scriptsOf[kind] = (scripts.compressed + inlineScripts.compressed) / 1024
      }
      report(
        [
          { measure: "JavaScript of an open page", kind: "1 file" as const, goal: { most: 9.27 } },
          { measure: "JavaScript of a lapsed page", kind: "lapsed" as const, goal: { most: 6 } },
        ].map(({ kind, ...rest }) => ({ ...rest, unit: "KiB", figures: [scriptsOf[kind] ?? 0] })),
      )
      const head = ["page", "HTML", "scripts", "inline scripts", "styles", "fonts", "other"]
      return [
        "KiB compressed (raw)",
        table([...head, "script files"], rows),
        "goals: JavaScript 9.5 kB (9.28 KiB) on an open page, 6 KiB on a lapsed one",
        ...[...uncompressed].map((file) => `sent uncompressed, the figure is gzip -9: ${file}`),
      ].join("\n")
    }

    async function visitAll() {
      const rows: string[][] = []
      for (const kind of ["1 file", "50 files"] as const) {
        const visits: PhoneVisit[] = []
        const url = app.url + pathsOf(kind)[0]
        for (let n = 0; n < PHONE_VISITS; n++) visits.push(await visitByPhone(browser, url))
        const painted = spread(visits.map(({ firstPaint }) => firstPaint))
        const answered = visits.map((visit) => visit.answered)
        rows.push([kind, painted, spread(answered)])
        const measure = `tap on a phone answered, ${kind}`
        report([{ measure, unit: "ms", figures: answered, goal: { most: 1200 } }])
      }
      return `medians of ${PHONE_VISITS} visits by phone, ms from the beginning of the navigation
${table(["page", "first paint", "tap answered"], rows)}
goal: a tap is answered in 1200 ms`
    }
  }

  function pathsOf(name: Name) {
    return name === "empty" ? ["/api/v1/me"] : shares[name].map(({ path }) => path)
  }

  function drive(paths: string[], seconds: number) {
    const headers = { Host: `localhost:${app.port}`, ...DOCUMENT_HEADERS }
    const requests = paths.map((path) => requestText(`GET ${path}`, headers))
    return load({ port: app.port, requests, connections: CONNECTIONS, seconds })
  }

  /** Fetches the page once and compares status and text; returns the number of views it counts. */
  async function checkPage(name: Name) {
    const { status, body } = await fetchAsBrowser(app.url + pathsOf(name)[0])
    const { text, countsView, ...expected } = EXPECTED[name]
    if (status !== expected.status || !body.includes(text)) {
      throw new Error(`${name} answered ${status} and lacks "${text}": ${body}`)
    }
    return Number(countsView)
  }
} finally {
  await stopChildren()
  await app.stop()
}

function usage() {
  return { web: processSeconds(app.webPid()), database: databaseSeconds(app.directory) }
}

/** Counts the answered pages; throws for any other status than the expected one. */
function countAnswers(name: Name, { statuses }: LoadResult) {
  const { [EXPECTED[name].status]: count = 0, ...others } = statuses
  if (Object.keys(others).length > 0) throw new Error(`${name}: ${JSON.stringify(statuses)}`)
  return count
}

function listForEach(): Record<Name, number[]> {
  return { empty: [], "1 file": [], "50 files": [], "300 files": [], locked: [], lapsed: [] }
}

function sizeText({ compressed, raw }: Size) {
  return raw === 0 ? "–" : `${kib(compressed)} (${kib(raw)})`
}
