import http from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { read, type ShareView, signInClient } from "../e2e/member-client.ts"
import { startApp } from "./app.ts"
import { DOCUMENT_HEADERS, requestText } from "./browser/browser-request.ts"
import { answersOf, startChild, stopChildren } from "./load/child-processes.ts"
import { measureListCrowds } from "./load/list-crowds.ts"
import type { Strangers } from "./load/strangers-load.ts"
import { report } from "./measures.ts"
import { seedLargeShare } from "./seeds/large-pages.ts"

// Runs 2,000 clients at once with the worst requests that are known: pages of a share of 10,000
// files, headers of 15,000 letters, connections that stay silent or never end their head, guesses
// at a password. Measures others meanwhile: /api/live, and an admin who revokes. Then it measures
// /api/live beside 1,900 bodies of almost 1 MiB that arrive at once and never end. At last it
// measures newcomers beside 40 clients that read lists of a request of 10,000 files.
// npm run bench -- strangers [seconds] [all | lists]
const SECONDS = Number(process.argv[2] ?? 20)
const PART = process.argv[3] ?? "all"
const EACH = 400
const LIVE_EVERY_MS = 20
const BODIES = 1_900
const BODY_BYTES = 1_000_000
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

if (PART === "all") await measureStrangers()
await measureListCrowds(SECONDS / 2)

async function measureStrangers() {
  const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
  try {
    const admin = await signInClient(app.url, ADMIN)
    const large = new URL((await seedLargeShare(app, admin, 10_000)).url).pathname
    const shares: ShareView[] = []
    for (let n = 0; n <= SECONDS * 2; n++) shares.push(await aShare({}))
    const locked = new URL((await aShare({ password: "a quiet harbour" })).url).pathname

    const strangers = startChild("strangers-load.ts")
    const begun = answersOf<string>(strangers)
    strangers.send(kinds(app.port, large, locked))
    await begun()
    await sleep(2_000)
    const [live, revokes] = await Promise.all([watchLive(app.url), revokeAll(shares)])
    await stopChildren()
    const bodies = startChild("strangers-load.ts")
    const sent = answersOf<string>(bodies)
    bodies.send([heldBodies(app.port, locked)])
    await sent()
    const newcomers = await watchLive(app.url)
    report([
      {
        measure: "/api/live beside 2,000 strangers, p99",
        unit: "ms",
        figures: [p99(live)],
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

    async function aShare(conditions: object) {
      const begun = await admin.post("/files", { name: "Report.pdf", size: 1 })
      const { file } = await read<{ file: { id: string } }>(begun, 201)
      const made = await admin.post("/shares", { fileIds: [file.id], ...conditions })
      return read<ShareView>(made, 201)
    }

    async function revokeAll(all: ShareView[]) {
      const times: number[] = []
      const endAt = performance.now() + SECONDS * 1000
      for (const { id } of all) {
        if (performance.now() > endAt) break
        const asked = performance.now()
        const share = await read<ShareView>(await admin.post(`/shares/${id}/revoke`, {}), 200)
        if (share.status !== "revoked") throw new Error(`a share is ${share.status}`)
        times.push(performance.now() - asked)
        await sleep(500)
      }
      return times
    }
  } finally {
    await stopChildren()
    await app.stop()
  }
}

function kinds(port: number, large: string, locked: string): Strangers[] {
  const Host = `localhost:${port}`
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
function heldBodies(port: number, link: string): Strangers {
  const headers = {
    Host: `localhost:${port}`,
    "Content-Type": "application/json",
    "Content-Length": `${BODY_BYTES + 1}`,
  }
  const request = `${requestText(`POST ${link}/claim`, headers)}${"a".repeat(BODY_BYTES)}`
  return { count: BODIES, from: "127.0.1.9", port, request, once: true }
}

/** Milliseconds until each answer, each on a new connection. */
async function watchLive(url: string) {
  const times: number[] = []
  const endAt = performance.now() + SECONDS * 1000
  while (performance.now() < endAt) {
    const asked = performance.now()
    const { statusCode } = await get(`${url}/api/live`)
    if (statusCode !== 204) throw new Error(`/api/live was ${statusCode}`)
    times.push(performance.now() - asked)
    await sleep(LIVE_EVERY_MS)
  }
  return times
}

function get(url: string) {
  return new Promise<http.IncomingMessage>((resolve, reject) => {
    const options = { agent: false, localAddress: "127.0.2.1", family: 4 }
    const request = http.get(url.replace("localhost", "127.0.0.1"), options, (answer) => {
      answer.resume()
      resolve(answer)
    })
    request.once("error", reject)
  })
}

function p99(all: number[]) {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length * 0.99)] ?? 0
}
