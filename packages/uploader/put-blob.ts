import "client-only"
import type { PutAnswer, PutRequest } from "./upload-transport.ts"

/** A connection that moves nothing for this long is dead, whatever it says. */
const STALL_MS = 30_000
/** The store may take a while to write down what it has. */
const ANSWER_MS = 120_000

/** One PUT with progress. XMLHttpRequest, because fetch tells nothing about what was sent. */
export function putBlob({ url, headers, body, signal, onProgress }: PutRequest) {
  return new Promise<PutAnswer>((resolve) => {
    const request = new XMLHttpRequest()
    let watchdog: ReturnType<typeof setTimeout> | undefined
    let over: PutAnswer | null = null

    const watch = (ms: number) => {
      clearTimeout(watchdog)
      watchdog = setTimeout(() => {
        over = { ok: false, status: "stalled" }
        request.abort()
      }, ms)
    }
    const abort = () => request.abort()

    request.upload.onprogress = ({ loaded }) => {
      watch(loaded < body.size ? STALL_MS : ANSWER_MS)
      onProgress(loaded)
    }
    request.upload.onload = () => watch(ANSWER_MS)
    request.onabort = () => {
      over ??= { ok: false, status: "aborted" }
    }
    request.onload = () => {
      const { status } = request
      over =
        status >= 200 && status < 300
          ? { ok: true, value: null }
          : { ok: false, status, message: null, retryAfterSeconds: retryAfter(request) }
    }
    request.onloadend = () => {
      clearTimeout(watchdog)
      signal.removeEventListener("abort", abort)
      resolve(over ?? { ok: false, status: 0, message: null, retryAfterSeconds: null })
    }

    if (signal.aborted) return resolve({ ok: false, status: "aborted" })
    signal.addEventListener("abort", abort, { once: true })
    request.open("PUT", url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    watch(STALL_MS)
    request.send(body)
  })
}

// Asked for by name, a header that CORS hides is an error in the console.
function retryAfter(request: XMLHttpRequest) {
  const [, seconds] = /^retry-after: *(\d+)/im.exec(request.getAllResponseHeaders()) ?? []
  return seconds ? Number(seconds) : null
}
