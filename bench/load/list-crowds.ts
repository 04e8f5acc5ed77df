import http from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { startApp, takeDataOf } from "../app.ts"
import { DOCUMENT_HEADERS, requestText } from "../browser/browser-request.ts"
import { report } from "../measures.ts"
import { answersOf, startChild, stopChildren } from "./child-processes.ts"

const FILES = 10_000
const ASKERS = 40
const EVERY_MS = 25
const FROM = "127.0.1.40"
const NEWCOMER = "127.0.2.40"

/**
 * Measures how long newcomers wait for a click and for the page of sign-in, on two web processes,
 * beside 40 clients of one address that read lists of a request of 10,000 files again and again:
 * its receipt, by one who has its ticket, and what a token reads.
 */
export async function measureListCrowds(seconds: number) {
  const app = await startApp({ WEB_PROCESSES: "2" })
  try {
    takeDataOf(app)
    const { crowds, click, close } = await seed(app.port)
    const beside = async (request: string) => {
      const child = startChild("strangers-load.ts")
      const begun = answersOf<string>(child)
      child.send([{ count: ASKERS, from: FROM, port: app.port, request, pauseMs: 0 }])
      await begun()
      await sleep(1_000)
      const times = await newcomers(app.port, click, seconds)
      await stopChildren()
      return times
    }
    await newcomers(app.port, click, 3) // warms up
    const alone = await newcomers(app.port, click, seconds)
    const all: [string, number[]][] = [["nothing", alone]]
    for (const [name, request] of Object.entries(crowds)) all.push([name, await beside(request)])
    report(
      all.flatMap(([name, times]) => [
        {
          measure: `newcomers beside ${ASKERS} askers of ${name}, p95`,
          unit: "ms",
          figures: [times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0],
          goal: { most: 250 },
        },
        {
          measure: `newcomers beside ${ASKERS} askers of ${name}, the slowest`,
          unit: "ms",
          figures: [Math.max(...times)],
          goal: { most: 1000 },
        },
      ]),
    )
    await close()
  } finally {
    await stopChildren()
    await app.stop()
  }
}

/** Makes a request of many files, a share of one, and the requests of each crowd. */
async function seed(port: number) {
  const { aLargeRequest } = await import("#testing/builders/a-large-request.ts")
  const { aLink } = await import("#testing/builders/a-link.ts")
  const { aToken } = await import("#testing/builders/a-token.ts")
  const { finishDelivery } = await import("#lib/rooms/requests/guest/deliver.ts")
  const { COOKIES, signTicket } = await import("#lib/rooms/claims/visitor/visitor-cookies.ts")
  const { disconnect } = await import("#lib/adapters/database.ts")
  const { id, url, ownerId, guest } = await aLargeRequest(FILES)
  await finishDelivery(guest, { sender: {}, fields: {} })
  const { token } = await aToken(ownerId, ["shares:read", "requests:read"])
  const { token: link, fileId } = await aLink({ minted: true })
  const Host = `localhost:${port}`
  const path = new URL(url).pathname
  const sender = {
    Host,
    Accept: "application/json",
    Cookie: `${COOKIES.delivery}=${signTicket(guest.ticket, "delivery")}`,
  }
  const member = { Host, Authorization: `Bearer ${token}` }
  const body = { "Content-Type": "application/json", "Content-Length": "2" }
  return {
    crowds: {
      receipts: requestText(`GET ${path}/receipt`, sender),
      "pages of a receipt": requestText(`GET ${path}/receipt`, {
        ...DOCUMENT_HEADERS,
        Host,
        Cookie: sender.Cookie,
      }),
      "a repeated done": `${requestText(`POST ${path}/done`, { ...sender, ...body })}{}`,
      deliveries: requestText(`GET /api/v1/requests/${id}/deliveries`, member),
      "live numbers": requestText(`GET /api/v1/shares/live?ids=${id}`, member),
      requests: requestText("GET /api/v1/requests", member),
    },
    click: `/s/${link}/d/${fileId}`,
    close: disconnect,
  }
}

/** Milliseconds until the answer to a click or the page of sign-in, each on a new connection. */
async function newcomers(port: number, click: string, seconds: number) {
  const times: number[] = []
  const endAt = performance.now() + seconds * 1000
  for (let n = 0; performance.now() < endAt; n++) {
    const begun = performance.now()
    const isClick = n % 2 === 0
    const status = await ask(port, isClick ? "POST" : "GET", isClick ? click : "/sign-in")
    if (status !== (isClick ? 303 : 200)) throw new Error(`A newcomer was answered ${status}.`)
    times.push(performance.now() - begun)
    await sleep(EVERY_MS)
  }
  return times
}

function ask(port: number, method: string, path: string) {
  return new Promise<number | undefined>((resolve, reject) => {
    const headers = { ...DOCUMENT_HEADERS, Host: `localhost:${port}` }
    const place = { host: "127.0.0.1", port, localAddress: NEWCOMER, agent: false, family: 4 }
    const request = http.request({ ...place, method, path, headers }, (answer) => {
      answer.resume()
      answer.once("end", () => resolve(answer.statusCode))
    })
    request.once("error", reject)
    request.end()
  })
}
