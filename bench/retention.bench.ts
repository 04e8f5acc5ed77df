import { loadavg } from "node:os"
import pg from "pg"
import { type MemberClient, read, signInClient } from "../e2e/member-client.ts"
import { ADMIN, startApp, takeDataOf } from "./app.ts"
import { median } from "./figures.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { seedLinks } from "./load/click-contenders.ts"
import { clicksOn } from "./load/clicks.ts"
import { report } from "./measures.ts"
import { dataOf, LARGE } from "./seeds/large-data.ts"

// Measures the rule of files with 1,000,000 of them: what it adds to a page of 100 files; the count
// before it is saved; and a night that finds far more than expected, and so only walks: its time, its
// longest statement, and the rate of clicks meanwhile.
// npm run bench -- retention [files] [pages]
const [FILES = LARGE.shares, PAGES = 60] = process.argv.slice(2).map(Number)
const CONNECTIONS = 16
const SECONDS = 2
const RULE = { sharedDays: 30, receivedDays: 30, unsharedDays: 30, keepDays: null }

/** The longest of this process's statements, in ms. Clients take the function that they find first. */
let longest = 0
const { query } = pg.Client.prototype
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const began = performance.now()
  const ended = () => {
    longest = Math.max(longest, performance.now() - began)
  }
  const answered = args.at(-1) // a pool passes a callback
  if (typeof answered === "function") {
    args[args.length - 1] = (...answer: unknown[]) => {
      ended()
      Reflect.apply(answered, undefined, answer)
    }
  }
  const result: unknown = Reflect.apply(query, this, args)
  if (result instanceof Promise) result.then(ended, ended)
  return result
} as typeof query

const { directory, remove } = await dataOf({ shares: FILES, events: 1_000 })
const app = await startApp({}, directory)
try {
  takeDataOf(app)
  await measure(await signInClient(app.url, ADMIN))
} finally {
  const { disconnect } = await import("#lib/adapters/database.ts")
  await disconnect()
  await stopChildren()
  await app.stop()
  remove()
}

async function measure(admin: MemberClient) {
  const { db } = await import("#lib/adapters/database.ts")
  const { lapseFiles } = await import("#lib/rooms/retention/lapse-files.ts")
  const dryRun = await timed(async () =>
    read(await admin.patch("/admin/settings", { retention: RULE, dryRun: true }), 200),
  )
  const changedById = (await db.member.findFirstOrThrow({ select: { id: true } })).id
  const row = { value: RULE, changedById, changedAt: new Date(0) }
  await db.setting.upsert({
    where: { name: "retention" },
    create: { name: "retention", ...row },
    update: row,
  })
  const added = await measurePages()

  const load = startLoad()
  const requests = clicksOn(app.port, await seedLinks(50, { minted: true }))
  const clicks = async () =>
    (await load({ port: app.port, requests, connections: CONNECTIONS, seconds: SECONDS })).perSecond
  await clicks()
  const before = [await clicks(), await clicks(), await clicks()]
  longest = 0
  let isDone = false
  const night = timed(() => lapseFiles()).finally(() => {
    isDone = true
  })
  const during: number[] = []
  while (!isDone) during.push(await clicks())
  const { ms } = await night
  const after = [await clicks(), await clicks(), await clicks()]
  const rate = median(during) / median([...before, ...after])
  const of = `${FILES.toLocaleString("en")} files`
  report([
    {
      measure: `${of}: count before a rule is saved`,
      unit: "ms",
      figures: [dryRun.ms],
      goal: { most: 6000 },
    },
    {
      measure: "what the rule adds to a page of 100 files",
      unit: "ms",
      figures: added,
      goal: { most: 20 },
    },
    {
      measure: `${of}: a night's walk, with rests`,
      unit: "s",
      figures: [ms / 1000],
      goal: { most: 600 },
    },
    {
      measure: `${of}: its longest statement`,
      unit: "ms",
      figures: [longest],
      goal: { most: 500 },
    },
    {
      measure: `${of}: clicks meanwhile`,
      against: "before and after",
      figures: [rate],
      goal: { least: 0.95 },
    },
  ])
  console.log(`load ${loadavg()[0]?.toFixed(1)}`)
}

/** What each page takes longer with the time at which its files go. */
async function measurePages() {
  const { db } = await import("#lib/adapters/database.ts")
  const { listFiles, listOwnFiles } = await import("#lib/rooms/files/list-files.ts")
  const { id } = await db.member.findUniqueOrThrow({ where: { email: ADMIN.email } })
  const owner = id as Parameters<typeof listOwnFiles>[0]
  const added: number[] = []
  let cursor: string | undefined
  for (let n = 0; n < PAGES; n++) {
    const query = { limit: 100, ...(cursor && { cursor }) }
    await listFiles(owner, query) // reads the pages of the disk
    const plain = await timed(() => listFiles(owner, query))
    const judged = await timed(() => listOwnFiles(owner, query))
    added.push(judged.ms - plain.ms)
    cursor = judged.result.nextCursor ?? undefined
  }
  return added
}

async function timed<Result>(work: () => Promise<Result>) {
  const began = performance.now()
  const result = await work()
  return { result, ms: performance.now() - began }
}
