import { setTimeout as sleep } from "node:timers/promises"
import {
  joinClient,
  type MemberClient,
  read,
  type ShareView,
  signInClient,
} from "../e2e/member-client.ts"
import { startApp } from "./app.ts"
import { requestText } from "./browser/browser-request.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { report } from "./measures.ts"
import { processSeconds } from "./process-usage.ts"
import { seedLargeShare } from "./seeds/large-pages.ts"

// Measures the rate and the processor time of two calls of the members' API, and how long a call of
// another member, and an admin who revokes, wait while one member has 64 calls at once that take
// much of the database.
// npm run bench -- calls [rounds] [seconds per measurement]
const ROUNDS = Number(process.argv[2] ?? 5)
const SECONDS = Number(process.argv[3] ?? 4)
const AT_ONCE = 64
const FILES = 10_000
const ROWS = 50
const PAUSE_MS = 50
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
try {
  const { port, url } = app
  const load = startLoad()
  const greedy = await signInClient(url, ADMIN)
  await seedLargeShare(app, greedy, FILES)
  const member = await anotherMember("member")
  for (let n = 0; n < ROWS; n++) await member.post("/files", { name: `Report ${n}.pdf`, size: 1 })
  const admin = await anotherMember("admin")

  const calls = ["GET /me", "GET /files"]
  const figures = new Map(
    calls.map((at) => [at, { rates: [] as number[], micros: [] as number[] }]),
  )
  const waits = { member: [] as number[], admin: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, { rates, micros }] of figures) {
      const requests = [await requestOf(member, at)]
      const before = processSeconds(app.webPid())
      const { perSecond, statuses } = await load({
        port,
        requests,
        connections: 16,
        seconds: SECONDS,
      })
      const answered = statuses["200"] ?? 0
      rates.push(perSecond)
      micros.push(((processSeconds(app.webPid()) - before) / answered) * 1e6)
    }
    const shares = await sharesOf(admin)
    const requests = [await requestOf(greedy, "GET /files/ids")]
    const dear = load({ port, requests, connections: AT_ONCE, seconds: SECONDS })
    await sleep(500)
    waits.member.push(await slowest(async () => read(await member.get("/files"), 200)))
    waits.admin.push(await slowest(async () => revoke(admin, shares.pop())))
    await dear
  }
  report([
    ...[...figures].flatMap(([at, { rates, micros }]) => [
      { measure: `${at}, 16 connections`, unit: "/s", figures: rates },
      { measure: `${at}: processor time of the web process`, unit: "µs", figures: micros },
    ]),
    ...Object.entries(waits).map(([who, each]) => ({
      measure: `beside ${AT_ONCE} dear calls of one member, the slowest of another ${who}`,
      unit: "ms",
      figures: each,
      goal: { most: 250 },
    })),
  ])
  for (const { context } of [greedy, member, admin]) await context.dispose()

  async function anotherMember(role: "member" | "admin") {
    const email = `${role}@example.org`
    const made = await greedy.post("/admin/users/invites", { email, role })
    const invite = await read<{ url: string }>(made, 201)
    return joinClient(url, invite.url, { name: role, email, password: ADMIN.password })
  }

  async function requestOf({ context }: MemberClient, at: string) {
    const { cookies } = await context.storageState()
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ")
    const line = at.replace(" ", " /api/v1")
    return requestText(line, { Host: `localhost:${port}`, Cookie: cookie })
  }
} finally {
  await stopChildren()
  await app.stop()
}

/** The longest of repeated runs, in milliseconds, during half a measurement. */
async function slowest(work: () => Promise<unknown>) {
  let longest = 0
  const endAt = performance.now() + (SECONDS * 1000 - 500) / 2
  while (performance.now() < endAt) {
    const begun = performance.now()
    await work()
    longest = Math.max(longest, performance.now() - begun)
    await sleep(PAUSE_MS)
  }
  return longest
}

/** Shares enough for all revocations of a round. */
async function sharesOf(admin: MemberClient) {
  const begun = await admin.post("/files", { name: "Plan.pdf", size: 1 })
  const { file } = await read<{ file: { id: string } }>(begun, 201)
  const shares: ShareView[] = []
  while (shares.length < (SECONDS * 1000) / PAUSE_MS) shares.push(await admin.shareFiles([file.id]))
  return shares
}

async function revoke(admin: MemberClient, share?: ShareView) {
  const revoked = await admin.post(`/shares/${share?.id}/revoke`, {})
  await read<ShareView>(revoked, 200)
}
