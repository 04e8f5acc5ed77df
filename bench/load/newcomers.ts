import http from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { DOCUMENT_HEADERS } from "../browser/browser-request.ts"

const ADDRESS = "127.0.2.1"
const EVERY_MS = 20

type Request = { method?: string; path: string; status: number }

export const LIVE: Request = { path: "/api/live", status: 204 }

/**
 * Sends these requests in turn from an address of its own, each on a new connection, until the
 * signal. Returns the milliseconds until each answer.
 */
export async function timesOfNewcomers(port: number, requests: Request[], until: AbortSignal) {
  const times: number[] = []
  for (let n = 0; !until.aborted; n++) {
    const request = requests[n % requests.length] ?? LIVE
    const begun = performance.now()
    const status = await send(port, request)
    if (status !== request.status) throw new Error(`${request.path} was answered ${status}.`)
    times.push(performance.now() - begun)
    await sleep(EVERY_MS)
  }
  return times
}

function send(port: number, { method = "GET", path }: Request) {
  return new Promise<number | undefined>((resolve, reject) => {
    const headers = { ...DOCUMENT_HEADERS, Host: `localhost:${port}` }
    const place = { host: "127.0.0.1", port, localAddress: ADDRESS, agent: false, family: 4 }
    const request = http.request({ ...place, method, path, headers }, (answer) => {
      answer.resume()
      answer.once("end", () => resolve(answer.statusCode))
    })
    request.once("error", reject)
    request.end()
  })
}

/** Ends after this many seconds. */
export const inSeconds = (seconds: number) => AbortSignal.timeout(seconds * 1000)
