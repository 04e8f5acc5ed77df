import { rmSync } from "node:fs"
import { loadavg } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type MemberClient, read, signInClient } from "../e2e/member-client.ts"
import { ADMIN, startApp, takeDataOf } from "./app.ts"
import { median, table } from "./figures.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { seedLinks } from "./load/click-contenders.ts"
import { clicksOn } from "./load/clicks.ts"
import { report } from "./measures.ts"
import { dataOf, LARGE } from "./seeds/large-data.ts"

// Measures an admin's revocation of 1,000,000 shares, with clicks on other shares at the same time:
// the dry run; the call, which closes the first shares; the time until all are closed, until all
// URLs have ended and until the reach is known; and the rate of the clicks.
// npm run bench -- panic [shares] [events] [with a cut off: 1 or 0]
const [SHARES = LARGE.shares, EVENTS = LARGE.events, CUT_OFF = 1] = process.argv
  .slice(2)
  .map(Number)
const CONNECTIONS = 16
const SECONDS = 4
const LONGEST_MS = 900_000

type Progress = { state: string; shares: number; sharesDone: number; reach: object | null }

const { directory, remove } = await dataOf({ shares: SHARES, events: EVENTS })
rmSync(path.join(directory, "seeded")) // no later part finds shares that are open
const app = await startApp({}, directory)
try {
  takeDataOf(app)
  const admin = await signInClient(app.url, ADMIN)
  await panic(admin)
} finally {
  const { disconnect } = await import("#lib/adapters/database.ts")
  await disconnect()
  await stopChildren()
  await app.stop()
  remove()
}

async function panic(admin: MemberClient) {
  const createdBefore = new Date().toISOString()
  await sleep(10)
  const others = await seedLinks(50, { minted: true })
  const load = startLoad()
  const requests = clicksOn(app.port, others)
  const clicks = (seconds = SECONDS) =>
    load({ port: app.port, requests, connections: CONNECTIONS, seconds })
  await clicks()
  const before: number[] = []
  for (let n = 0; n < 3; n++) before.push((await clicks()).perSecond)

  const input = { createdBefore, cutOff: CUT_OFF === 1 }
  const dryRun = await timed(async () =>
    read<{ count: number }>(await revoke(admin, { ...input, dryRun: true }), 200),
  )
  await admin.post("/me/confirm", { password: ADMIN.password })
  const began = performance.now()
  const during: number[] = []
  let isDone = false
  const clicking = (async () => {
    while (!isDone) during.push((await clicks(2)).perSecond)
  })()
  const call = await timed(async () =>
    read<{ id: string }>(await revoke(admin, { ...input, confirm: dryRun.result.count }), 202),
  )
  const progress = async () =>
    read<Progress>(await admin.get(`/admin/revocations/${call.result.id}`), 200)
  const until = async (met: (progress: Progress) => boolean, atMost = LONGEST_MS) => {
    while (!met(await progress())) {
      if (performance.now() - began > atMost) return Number.POSITIVE_INFINITY
      await sleep(500)
    }
    return (performance.now() - began) / 1000
  }
  const revoked = await until(({ sharesDone }) => sharesDone === dryRun.result.count)
  isDone = true
  await clicking
  const done = await until(({ state }) => state === "done")
  // A count that takes too long is left out.
  const counted = await until(({ reach }) => reach !== null, done * 1000 + 60_000)

  const rate = median(during) / median(before)
  const measure = `revoking ${dryRun.result.count.toLocaleString("en")} shares`
  report([
    { measure: `${measure}: dry run`, unit: "ms", figures: [dryRun.ms], goal: { most: 1000 } },
    {
      measure: `${measure}: call, with the first batch`,
      unit: "ms",
      figures: [call.ms],
      goal: { most: 300 },
    },
    // A million within twelve minutes.
    {
      measure: `${measure}: all`,
      unit: "shares/s",
      figures: [dryRun.result.count / revoked],
      goal: { least: 1389 },
    },
    { measure: `${measure}: clicks`, against: "before", figures: [rate], goal: { least: 0.9 } },
  ])
  console.log(`
load ${loadavg()[0]?.toFixed(1)}; clicks ${median(before).toFixed(0)}/s before

${table(
  ["dry run", "call", "all revoked", "URLs ended", "reach known", "clicks meanwhile"],
  [
    [
      `${dryRun.ms.toFixed(0)} ms`,
      `${call.ms.toFixed(0)} ms`,
      ...[revoked, done, counted].map((seconds) =>
        Number.isFinite(seconds) ? `${seconds.toFixed(0)} s` : "never",
      ),
      rate.toFixed(2),
    ],
  ],
)}`)
}

function revoke(admin: MemberClient, body: object) {
  return admin.post("/admin/shares/revoke", body)
}

async function timed<Result>(work: () => Promise<Result>) {
  const began = performance.now()
  const result = await work()
  return { result, ms: performance.now() - began }
}
