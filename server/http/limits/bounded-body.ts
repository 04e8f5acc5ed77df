import { IncomingMessage, type ServerResponse } from "node:http"
import { Refusal } from "#lib/adapters/errors.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { networkOf } from "#packages/connections/network-of.ts"

const KIB = 1024

/** The limit for a request that is not known to be a member's. */
const SMALL = 16 * KIB
/** The limit for a member's request, such as a share of 10,000 files. */
const LARGE = 1024 * KIB

type Limit = { strangers: number; members: number }

/** The maximum body size in bytes, by the first pattern that matches the path. */
const LIMITS: [RegExp, Limit][] = [
  [/^\/(auth|api\/auth)(\/|$)/, { strangers: SMALL, members: SMALL }],
  [/^/, { strangers: SMALL, members: LARGE }],
]

/** A call that takes no body has the limit of strangers. */
export function bodyLimit(path: string, call?: { takesBody: boolean }): Limit {
  if (call && !call.takesBody) return { strangers: SMALL, members: SMALL }
  return LIMITS.find(([pattern]) => pattern.test(path))?.[1] ?? { strangers: 0, members: 0 }
}

/** Whether a request says that a body follows (RFC 9112, section 6.3). */
export const hasBody = ({ headers }: IncomingMessage) =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0

export const mayExceed = ({ headers }: IncomingMessage, bytes: number) =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > bytes

/**
 * Reads the body of a request. Refuses (too_large) a body above the limit, which is not read or
 * asked for if its announced length is above it, and (invalid) a body that ends early. A body above
 * 16 KiB must arrive within 30 seconds, and uses the sender's share of memory until then.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  sender: BodySender,
): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge()
  if (maxBytes <= SMALL || !mayExceed(request, SMALL)) return receive(request, response, maxBytes)
  const room = takeRoom(sender)
  const timer = setTimeout(() => request.destroy(), ARRIVES_MS)
  try {
    return await receive(request, response, maxBytes, room.take)
  } finally {
    clearTimeout(timer)
    room.free()
  }
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  take = (_bytes: number) => {},
) {
  if (awaitsContinue(request)) response.writeContinue()
  const chunks: Buffer[] = []
  let size = 0
  try {
    // Leaving the loop early must not close the connection, which the refusal still needs.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length
      if (size > maxBytes) break
      take(chunk.length)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw refusal("invalid", "cut_short")
  }
  if (size > maxBytes) throw tooLarge()
  return Buffer.concat(chunks)
}

type BodySender = {
  /** The member whose session is active; null for a stranger. */
  memberId: string | null
  clientAddress: string
}

/** The memory, in bytes, that a process may use for arriving bodies above 16 KiB. */
const ROOM = 64 * 1024 * KIB
/** The part of ROOM that all strangers share, so that members always have memory. */
const ROOM_OF_STRANGERS = ROOM / 2
const ROOM_OF_ONE = 8 * 1024 * KIB
const ARRIVES_MS = 30_000
let taken = 0
const takenBy = new Map<string, number>()

/** Reserves memory for one body. `take` throws a Refusal (unavailable) if there is none left. */
function takeRoom({ memberId, clientAddress }: BodySender) {
  const key = memberId ?? networkOf(clientAddress)
  const most = memberId === null ? ROOM_OF_STRANGERS : ROOM
  let own = 0
  const add = (bytes: number) => {
    taken += bytes
    own += bytes
    const left = (takenBy.get(key) ?? 0) + bytes
    if (left > 0) takenBy.set(key, left)
    else takenBy.delete(key)
  }
  return {
    take(bytes: number) {
      if (taken + bytes > most || (takenBy.get(key) ?? 0) + bytes > ROOM_OF_ONE) {
        throw refusal("unavailable", "requests", {}, { retryAfterSeconds: 10 })
      }
      add(bytes)
    },
    free: () => add(-own),
  }
}

const tooLarge = () => refusal("too_large", "too_large")

/** Whether the client sends its body only when asked for it (RFC 9110, section 10.1.1). */
const awaitsContinue = ({ headers, httpVersion }: IncomingMessage) =>
  httpVersion !== "1.0" && /^100-continue$/i.test(headers.expect ?? "")

/** Returns a request that yields a body that was already read. */
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

/** How long unread bytes are received, in total and idle, so that the client gets the answer. */
const LINGER = { totalMs: 20_000, idleMs: 2_000 }

/**
 * Ends an answer. If the request's body was not read, its bytes are received and dropped for a
 * while before the connection is closed: closing a socket with unread bytes resets the connection,
 * and a client that reads only after it has sent everything would never see the answer. Such an
 * answer must have its Content-Length.
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
  lingering += 1
  const end = () => {
    if (response.writableEnded) return
    lingering -= 1
    clearTimeout(total)
    clearTimeout(idle)
    dropped.delete(request)
    request.removeAllListeners("data")
    request.pause()
    response.end()
  }
  const total = setTimeout(end, LINGER.totalMs)
  const idle = setTimeout(end, LINGER.idleMs)
  request.once("end", end).once("close", end)
  request.on("data", () => {
    idle.refresh()
    if (lingering <= DROPPED_AT_ONCE) return
    request.pause()
    dropped.add(request)
    if (dropped.size === 1) setImmediate(dropSome)
  })
}

/**
 * The number of requests whose bytes are dropped in one iteration of the event loop. Node reads up
 * to 2 MiB of each. With hundreds at once, other requests would wait for seconds.
 */
const DROPPED_AT_ONCE = 16
let lingering = 0
/** The requests whose bytes are dropped, in turn. */
const dropped = new Set<IncomingMessage>()

function dropSome() {
  for (const request of [...dropped].slice(0, DROPPED_AT_ONCE)) {
    dropped.delete(request)
    request.resume()
  }
  if (dropped.size > 0) setImmediate(dropSome)
}
