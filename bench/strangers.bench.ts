import { setTimeout as sleep } from "node:timers/promises"
import { type MemberClient, read, type ShareView, signInClient } from "../e2e/member-client.ts"
import { ADMIN, startApp, takeDataOf } from "./app.ts"
import { DOCUMENT_HEADERS, requestText } from "./browser/browser-request.ts"
import { percentile } from "./figures.ts"
import { answersOf, startChild, stopChildren } from "./load/child-processes.ts"
import { inSeconds, LIVE, timesOfNewcomers } from "./load/newcomers.ts"
import { measureOverload } from "./load/overload.ts"
import type { Strangers } from "./load/strangers-load.ts"
import { report } from "./measures.ts"

// Measures others beside the worst requests that are known, in three parts.
// overload: the answers that clients get when more clicks come than the app can answer.
// crowd: /api/live and an admin who revokes, beside 2,000 strangers at once: pages of a share of
// 10,000 files, headers of 15,000 letters, connections that stay silent or never end their head,
// guesses at a password; then /api/live beside 1,900 bodies of almost 1 MiB that never end.
// lists: newcomers who click or sign in, on two web processes, beside 40 clients of one address that
// read lists of a request of 10,000 files again and again: its receipt, by one who has its ticket,
// and what a token reads.
// npm run bench -- strangers [seconds] [all | overload | crowd | lists]
const SECONDS = Number(process.argv[2] ?? 20)
const PART = process.argv[3] ?? "all"
const EACH = 400
const BODIES = 1_900
const BODY_BYTES = 1_000_000
const FILES = 10_000
const ASKERS = 40

const app = await startApp()
const { port } = app
const Host = `localhost:${port}`
try {
  takeDataOf(app)
  if (PART === "all" || PART === "overload") await measureOverload(app, SECONDS / 4)
  if (PART === "all" || PART === "crowd") await measureCrowd()
  if (PART === "all" || PART === "lists") await measureLists()
} finally {
  const { disconnect } = await import("#lib/adapters/database.ts")
  await disconnect()
  await stopChildren()
  await app.stop()
}

async function measureCrowd() {
  const { aShareOfFiles } = await import("#testing/builders/a-share-of-files.ts")
  const admin = await signInClient(app.url, ADMIN)
  const { id } = await admin.upload("Report.pdf", Buffer.from("bytes"))
  const shares: ShareView[] = []
  for (let n = 0; n <= SECONDS * 2; n++) shares.push(await admin.shareFiles([id]))
  const { url } = await admin.shareFiles([id], { password: "a quiet harbour" })
  const locked = new URL(url).pathname
  const files = Array.from({ length: FILES }, (_, n) => ({
    name: `Statement ${n}.pdf`,
    path: `Year ${n % 100}`,
  }))
  const { token } = await aShareOfFiles(files)

  const [live, revokes] = await beside(worstKinds(`/s/${token}`, locked), 2_000, () =>
    Promise.all([timesOfNewcomers(port, [LIVE], inSeconds(SECONDS)), revokeAll(admin, shares)]),
  )
  const newcomers = await beside([heldBodies(locked)], 0, () =>
    timesOfNewcomers(port, [LIVE], inSeconds(SECONDS)),
  )
  report([
    {
      measure: "/api/live beside 2,000 strangers, p99",
      unit: "ms",
      figures: [percentile(live, 0.99)],
      goal: { most: 250 },
    },
    {
      measure: "an admin revokes a share meanwhile, the slowest",
      unit: "ms",
      figures: [Math.max(...revokes)],
      goal: { most: 1000 },
    },
    {
      measure: `/api/live beside ${BODIES} bodies of almost 1 MiB, the slowest`,
      unit: "ms",
      figures: [Math.max(...newcomers)],
      goal: { most: 1000 },
    },
  ])
  await admin.context.dispose()
}

async function revokeAll(admin: MemberClient, shares: ShareView[]) {
  const times: number[] = []
  const over = inSeconds(SECONDS)
  for (const { id } of shares) {
    if (over.aborted) break
    const asked = performance.now()
    const share = await read<ShareView>(await admin.post(`/shares/${id}/revoke`, {}), 200)
    if (share.status !== "revoked") throw new Error(`a share is ${share.status}`)
    times.push(performance.now() - asked)
    await sleep(500)
  }
  return times
}

function worstKinds(large: string, locked: string): Strangers[] {
  const agent = { ...DOCUMENT_HEADERS, Host, "User-Agent": "a".repeat(15_000) }
  const guess = {
    Host,
    "Content-Type": "application/x-www-form-urlencoded",
    "Content-Length": "10",
  }
  return [
    requestText(`GET ${large}`, { ...DOCUMENT_HEADERS, Host }),
    requestText("GET /sign-in", agent),
    "",
    "GET / HTTP/1.1\r\nHost: ",
    `${requestText(`POST ${locked}/unlock`, guess)}password=a`,
  ].map((request, n) => ({ count: EACH, from: `127.0.1.${n + 1}`, port, request }))
}

/** Claims whose last byte never comes. */
function heldBodies(link: string): Strangers {
  const headers = {
    Host,
    "Content-Type": "application/json",
    "Content-Length": `${BODY_BYTES + 1}`,
  }
  const request = `${requestText(`POST ${link}/claim`, headers)}${"a".repeat(BODY_BYTES)}`
  return { count: BODIES, from: "127.0.1.9", port, request, once: true }
}

async function measureLists() {
  const { aLink } = await import("#testing/builders/a-link.ts")
  const crowds = await seedCrowds()
  const { token, fileId } = await aLink({ minted: true })
  const requests = [
    { method: "POST", path: `/s/${token}/d/${fileId}`, status: 303 },
    { path: "/sign-in", status: 200 },
  ]
  await app.restart({ WEB_PROCESSES: "2" })
  const measure = () => timesOfNewcomers(port, requests, inSeconds(SECONDS / 2))
  await measure() // warms up
  const all = new Map([["nothing", await measure()]])
  for (const [name, request] of Object.entries(crowds)) {
    const crowd = { count: ASKERS, from: "127.0.1.40", port, request, pauseMs: 0 }
    all.set(`${ASKERS} askers of ${name}`, await beside([crowd], 1_000, measure))
  }
  report(
    [...all].flatMap(([name, times]) => [
      {
        measure: `newcomers beside ${name}, p95`,
        unit: "ms",
        figures: [percentile(times, 0.95)],
        goal: { most: 250 },
      },
      {
        measure: `newcomers beside ${name}, the slowest`,
        unit: "ms",
        figures: [Math.max(...times)],
        goal: { most: 1000 },
      },
    ]),
  )
}

/** Makes a request of many files; returns a call of each list of it. */
async function seedCrowds() {
  const { aLargeRequest } = await import("#testing/builders/a-large-request.ts")
  const { aToken } = await import("#testing/builders/a-token.ts")
  const { finishDelivery } = await import("#lib/rooms/requests/guest/deliver.ts")
  const { COOKIES, signTicket } = await import("#lib/rooms/claims/visitor/visitor-cookies.ts")
  const { id, url, ownerId, guest } = await aLargeRequest(FILES)
  await finishDelivery(guest, { sender: {}, fields: {} })
  const { token } = await aToken(ownerId, ["shares:read", "requests:read"])
  const path = new URL(url).pathname
  const Cookie = `${COOKIES.delivery}=${signTicket(guest.ticket, "delivery")}`
  const sender = { Host, Accept: "application/json", Cookie }
  const member = { Host, Authorization: `Bearer ${token}` }
  const body = { "Content-Type": "application/json", "Content-Length": "2" }
  return {
    receipts: requestText(`GET ${path}/receipt`, sender),
    "pages of a receipt": requestText(`GET ${path}/receipt`, { ...DOCUMENT_HEADERS, Host, Cookie }),
    "a repeated done": `${requestText(`POST ${path}/done`, { ...sender, ...body })}{}`,
    deliveries: requestText(`GET /api/v1/requests/${id}/deliveries`, member),
    "live numbers": requestText(`GET /api/v1/shares/live?ids=${id}`, member),
    requests: requestText("GET /api/v1/requests", member),
  }
}

/** Measures beside these strangers, once they have asked for some milliseconds. */
async function beside<Result>(kinds: Strangers[], ms: number, measure: () => Promise<Result>) {
  const strangers = startChild("strangers-load.ts")
  const begun = answersOf<string>(strangers)
  strangers.send(kinds)
  await begun()
  await sleep(ms)
  const result = await measure()
  await stopChildren()
  return result
}
