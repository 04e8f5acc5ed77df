import { startApp, takeDataOf } from "./app.ts"
import { launchBrowser } from "./browser/browser.ts"
import { DOCUMENT_HEADERS, requestText } from "./browser/browser-request.ts"
import { visitByPhone } from "./browser/phone.ts"
import { MIB, median, table } from "./figures.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { seedLinks } from "./load/click-contenders.ts"
import { LIVE, timesOfNewcomers } from "./load/newcomers.ts"
import { ratiosOf, report } from "./measures.ts"
import { databaseSeconds, processSeconds, watchMemory } from "./process-usage.ts"

// Measures the visitor's pages: pages per second and processor time with new visitors whose views
// are counted, beside an empty route of Next; how soon a tap on a phone is answered; and 64 pages of
// large shares at once: how long others wait meanwhile, and the memory of the web process. It uses
// the pages by HTTP only, so it measures every implementation alike.
// npm run bench -- page [rounds] [seconds] [phone visits] [large rounds]
// A value of 0 skips its part.
const [ROUNDS = 5, SECONDS = 3, PHONE_VISITS = 5, LARGE_ROUNDS = 5] = process.argv
  .slice(2)
  .map(Number)
const SHARES_OF_EACH = 20
const CONNECTIONS = 16
const LARGE = [2_000, 10_000]
const LARGE_AT_ONCE = 64

type Page = {
  name: string
  paths: string[]
  /** The status and a text of each answer. */
  status: string
  text: string
  countsViews: boolean
  goal?: { least: number }
  rates: number[]
  web: number[]
  database: number[]
}

const app = await startApp()
try {
  const { port } = app
  takeDataOf(app)
  const { db, disconnect } = await import("#lib/adapters/database.ts")
  const { aRequest } = await import("#testing/builders/a-request.ts")
  const { aShareOfFiles } = await import("#testing/builders/a-share-of-files.ts")
  const one = await seedOpen([{ name: "Quarterly report.pdf", path: "" }])
  const many = await seedOpen(Array.from({ length: 50 }, placeInTree))
  const load = startLoad()
  if (ROUNDS > 0) await measureRates()
  await measurePhones()
  for (const files of LARGE_ROUNDS > 0 ? LARGE : []) await measureLarge(files)

  async function measureRates() {
    const requests: string[] = []
    for (let n = 0; n < SHARES_OF_EACH; n++)
      requests.push(new URL((await aRequest({ title: "Photos, please" })).url).pathname)
    const anHourAgo = new Date(Date.now() - 3_600_000)
    const seed = async (conditions: Parameters<typeof seedLinks>[1]) =>
      (await seedLinks(SHARES_OF_EACH, conditions)).map(({ token }) => `/s/${token}`)
    const page = (name: string, paths: string[], text: string, more: Partial<Page> = {}): Page => ({
      ...{ name, paths, text, status: "200", countsViews: true, ...more },
      ...{ rates: [], web: [], database: [] },
    })
    const empty = page("empty route of Next", ["/api/v1/me"], "signed_out", {
      status: "401",
      countsViews: false,
    })
    const small = page("1 file", one, "Quarterly report", { goal: { least: 1.6 } })
    const asking = page("request", requests, "Photos, please", { goal: { least: 0.9 } })
    const pages = [
      small,
      page("50 files", many, "Statement 050", { goal: { least: 0.8 } }),
      page("300 files", await seedOpen(Array.from({ length: 300 }, placeInTree)), "Statement 151"),
      page("locked", await seed({ passwordHash: "x" }), 'name="password"'),
      page("lapsed", await seed({ expiresAt: anHourAgo }), "This link has expired", {
        status: "410",
        countsViews: false,
      }),
    ]
    const all = [empty, ...pages, asking]
    let views = 0
    for (const { paths, text, status, countsViews } of all) {
      const [path = ""] = paths
      const requests = [textOf(path, { "Accept-Encoding": "identity" })]
      const once = { connections: 1, seconds: 9, once: true }
      const { sample } = await load({ port, requests, status, ...once })
      if (!sample.includes(text))
        throw new Error(`${path} lacks "${text}": ${sample.slice(0, 1000)}`)
      if (countsViews) views += 1
    }
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { paths, status, countsViews, rates, web, database } of all) {
        const before = usage()
        const requests = paths.map((path) => textOf(path))
        const target = { port, requests, status, connections: CONNECTIONS }
        const { answered, perSecond } = await load({ ...target, seconds: SECONDS })
        const after = usage()
        if (countsViews) views += answered
        if (round === 0) continue // warms up
        rates.push(perSecond)
        web.push(((after.web - before.web) / answered) * 1e6)
        database.push(((after.database - before.database) / answered) * 1e6)
      }
    }
    const { _sum } = await db.shareCounter.aggregate({ _sum: { views: true } })
    const counted = Number(_sum.views ?? 0)
    if (counted !== views) throw new Error(`${views} pages were answered and ${counted} counted`)
    const rows = all.map(({ name, rates, web, database }) => [
      name,
      ...[rates, web, database].map((each) => median(each).toFixed(0)),
    ])
    console.log(`\n${table(["page", "per second", "web process, µs", "database, µs"], rows)}`)
    const measureOf = ({ name, rates, goal }: Page, against: Page) => ({
      measure: `page, ${name}`,
      against: against.name,
      figures: ratiosOf(rates, against.rates),
      ...(goal ? { goal } : {}),
    })
    report([...pages.map((page) => measureOf(page, empty)), measureOf(asking, small)])
  }

  async function measurePhones() {
    if (PHONE_VISITS === 0) return
    const browser = await launchBrowser()
    for (const [kind, [path]] of Object.entries({ "1 file": one, "50 files": many })) {
      const answered: number[] = []
      const url = `${app.url}${path}`
      for (let n = 0; n < PHONE_VISITS; n++) answered.push(await visitByPhone(browser, url))
      const measure = `tap on a phone answered, ${kind}`
      report([{ measure, unit: "ms", figures: answered, goal: { most: 1200 } }])
    }
    await browser.close()
  }

  async function measureLarge(files: number) {
    const { token } = await aShareOfFiles(Array.from({ length: files }, placeInTree))
    await disconnect()
    await app.restart()
    const maximum = watchMemory(app.webPid())
    const slowest: number[] = []
    for (let round = 0; round < LARGE_ROUNDS; round++) {
      const end = new AbortController()
      const requests = Array.from({ length: LARGE_AT_ONCE }, () => textOf(`/s/${token}`))
      const target = { port, requests, connections: LARGE_AT_ONCE }
      const [live, { times, sample }] = await Promise.all([
        timesOfNewcomers(port, [LIVE], end.signal),
        load({ ...target, seconds: 60, once: true }).finally(() => end.abort()),
      ])
      slowest.push(Math.max(...live))
      // Two are read at once and 32 wait; the others get 503 (decision 39).
      const { "200": pages, "503": _refused, ...others } = times
      if (!pages || pages.count < 32 || Object.keys(others).length > 0)
        throw new Error(`${JSON.stringify(times)}\n${sample.slice(0, 1000)}`)
    }
    const what = `${LARGE_AT_ONCE} pages of ${files.toLocaleString("en")} files at once`
    report([
      {
        measure: `${what}: the slowest /api/live`,
        unit: "ms",
        figures: slowest,
        goal: { most: 250 },
      },
      {
        measure: `${what}: memory of the web process, at most`,
        unit: "MiB",
        figures: [maximum() / MIB],
        goal: { most: 400 },
      },
    ])
  }

  /** Paths of as many shares of the same files, so that none of their rows is hot. */
  async function seedOpen(files: { name: string; path: string }[]) {
    const paths: string[] = []
    for (let n = 0; n < SHARES_OF_EACH; n++) paths.push(`/s/${(await aShareOfFiles(files)).token}`)
    return paths
  }

  function textOf(path: string, headers: Record<string, string> = {}) {
    return requestText(`GET ${path}`, {
      Host: `localhost:${port}`,
      ...DOCUMENT_HEADERS,
      ...headers,
    })
  }
} finally {
  await stopChildren()
  await app.stop()
}

/** Puts ten files into each folder, with folders two levels deep. */
function placeInTree(_: unknown, n: number) {
  const folder = Math.floor(n / 10)
  const name = `Statement ${String(n + 1).padStart(3, "0")}.pdf`
  return { name, path: `Department ${Math.floor(folder / 5)}/${2022 + (folder % 5)}` }
}

function usage() {
  return { web: processSeconds(app.webPid()), database: databaseSeconds(app.directory) }
}
