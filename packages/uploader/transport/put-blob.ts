import "client-only"
import type { PutAnswer, PutRequest } from "./upload-transport.ts"

/** A connection that moves no bytes for this long is dead, even if the browser keeps it open. */
const STALL_MS = 30_000
/** How long to wait for the answer, because the store needs time to write the received bytes. */
const ANSWER_MS = 120_000

/** Sends one PUT, stalls included, by XMLHttpRequest: fetch has no upload progress. */
export function putBlob({ url, headers, body, signal, onProgress }: PutRequest) {
  return new Promise<PutAnswer>((resolve) => {
    const request = new XMLHttpRequest()
    let watchdog: ReturnType<typeof setTimeout> | undefined
    let answer: PutAnswer | null = null

    const restartWatchdog = (ms: number) => {
      clearTimeout(watchdog)
      watchdog = setTimeout(() => {
        answer = { ok: false, status: "stalled" }
        request.abort()
      }, ms)
    }
    const abort = () => request.abort()

    request.upload.onprogress = ({ loaded }) => {
      restartWatchdog(loaded < body.size ? STALL_MS : ANSWER_MS)
      onProgress(loaded)
    }
    request.upload.onload = () => restartWatchdog(ANSWER_MS)
    request.onabort = () => {
      answer ??= { ok: false, status: "aborted" }
    }
    request.onload = () => {
      answer = answerOf(request)
    }
    request.onloadend = () => {
      clearTimeout(watchdog)
      signal.removeEventListener("abort", abort)
      resolve(answer ?? { ok: false, status: 0, message: null, retryAfterSeconds: null })
    }

    if (signal.aborted) return resolve({ ok: false, status: "aborted" })
    signal.addEventListener("abort", abort, { once: true })
    request.open("PUT", url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    restartWatchdog(STALL_MS)
    request.send(body)
  })
}

function answerOf(request: XMLHttpRequest): PutAnswer {
  const { status } = request
  if (status >= 200 && status < 300) return { ok: true, value: null }
  return { ok: false, status, message: null, retryAfterSeconds: retryAfter(request) }
}

// Calling getResponseHeader() for a header that CORS hides logs an error in the console.
function retryAfter(request: XMLHttpRequest) {
  const [, seconds] = /^retry-after: *(\d+)/im.exec(request.getAllResponseHeaders()) ?? []
  return seconds ? Number(seconds) : null
}
