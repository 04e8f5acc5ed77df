import { IncomingMessage, type ServerResponse } from "node:http"
import { Refusal } from "#lib/errors.ts"
import { refusal } from "#lib/text/sentences.ts"

const KIB = 1024

/** What a request may send if nothing proves that it comes from a member. */
const SMALL = 16 * KIB
/** A share of 10,000 files. */
const LARGE = 1024 * KIB

type Limit = { strangers: number; members: number }

/** The most bytes that a body may have, by the first pattern that matches the path. */
const LIMITS: [RegExp, Limit][] = [
  [/^\/s\/[^/]+\/claim$/, { strangers: LARGE, members: LARGE }],
  [/^\/(s|auth|api\/auth)(\/|$)/, { strangers: SMALL, members: SMALL }],
  [/^/, { strangers: SMALL, members: LARGE }],
]

export const bodyLimit = (path: string): Limit =>
  LIMITS.find(([pattern]) => pattern.test(path))?.[1] ?? { strangers: 0, members: 0 }

/** Whether a request says that a body follows (RFC 9112, section 6.3). */
export const hasBody = ({ headers }: IncomingMessage) =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0

/** Whether more bytes may come than this many. */
export const mayExceed = ({ headers }: IncomingMessage, bytes: number) =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > bytes

/**
 * The body of a request. Refuses (too_large) one above the limit: of one that is announced as
 * larger nothing is read or asked for, and of one that turns out larger nothing is kept. Refuses
 * (invalid) one that ends early. `onBytes` may refuse what has arrived.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  onBytes = (_count: number) => {},
): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge()
  if (awaitsContinue(request)) response.writeContinue()
  const chunks: Buffer[] = []
  let size = 0
  try {
    // Leaving early must not close the connection that the refusal goes out by.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length
      if (size > maxBytes) break
      onBytes(chunk.length)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw refusal("invalid", "cut_short")
  }
  if (size > maxBytes) throw tooLarge()
  return Buffer.concat(chunks)
}

/** What large bodies that need no session may hold of the process's memory while they arrive. */
const SHARED = 64 * 1024 * KIB
const SHARED_MS = 30_000
let held = 0

/**
 * The same for a body that anyone may send. One above 16 KiB has 30 seconds to arrive, and what has
 * arrived of all of them shares 64 MiB: refuses (unavailable) one that finds no room.
 */
export async function readStrangersBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
): Promise<Buffer> {
  if (maxBytes <= SMALL || !mayExceed(request, SMALL)) return readBody(request, response, maxBytes)
  let own = 0
  const hold = (bytes: number) => {
    if (held + bytes > SHARED) throw noRoom()
    held += bytes
    own += bytes
  }
  const timer = setTimeout(() => request.destroy(), SHARED_MS)
  try {
    return await readBody(request, response, maxBytes, hold)
  } finally {
    clearTimeout(timer)
    held -= own
  }
}

const noRoom = () => refusal("unavailable", "requests", {}, { retryAfterSeconds: 10 })

const tooLarge = () => refusal("too_large", "too_large")

/** Whether the client sends its body only when asked for it (RFC 9110, section 10.1.1). */
const awaitsContinue = ({ headers, httpVersion }: IncomingMessage) =>
  httpVersion !== "1.0" && /^100-continue$/i.test(headers.expect ?? "")

/** The same request with a body that has been read already. */
export function withBody(request: IncomingMessage, body: Buffer): IncomingMessage {
  const copy = new IncomingMessage(request.socket)
  const { method, url, headers, rawHeaders, httpVersion, httpVersionMajor, httpVersionMinor } =
    request
  Object.assign(copy, { method, url, rawHeaders, httpVersion, httpVersionMajor, httpVersionMinor })
  copy.headers = headers
  copy.complete = true
  copy.push(body)
  copy.push(null)
  return copy
}

/** A client that sends on for so long, or nothing for so long, has had the time to read. */
const LINGER = { totalMs: 20_000, idleMs: 2_000 }

/**
 * Ends an answer. Where nothing has read the request's body, its bytes are taken and dropped for a
 * while before the connection is closed: a socket that is closed with bytes in it resets the
 * connection, and a client that reads after it has sent would never see the answer. Such an answer
 * must have its Content-Length.
 */
export function endAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  body: string | Buffer = "",
) {
  if (!hasBody(request) || request.readableEnded) return response.end(body)
  response.setHeader("Connection", "close")
  response.flushHeaders()
  if (body.length > 0) response.write(body)
  const end = () => {
    clearTimeout(total)
    clearTimeout(idle)
    request.removeAllListeners("data")
    request.pause()
    response.end()
  }
  const total = setTimeout(end, LINGER.totalMs)
  const idle = setTimeout(end, LINGER.idleMs)
  request.once("end", end).once("close", end)
  request.on("data", () => idle.refresh())
}
