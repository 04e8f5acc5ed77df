import { IncomingMessage, type ServerResponse } from "node:http"

const KIB = 1024

/**
 * The most bytes that a body may have at an address, by the first pattern that matches its path.
 */
const LIMITS: [RegExp, number][] = [
  [/^\/s\/[^/]+\/claim$/, 1024 * KIB], // names up to 10,000 files
  [/^\/s\//, 16 * KIB],
  [/^\/(api\/auth|sign-in|setup|invite)(\/|$)/, 16 * KIB],
  [/^/, 1024 * KIB], // members' calls and actions: a share of 10,000 files is one
]

export const bodyLimit = (path: string) => LIMITS.find(([pattern]) => pattern.test(path))?.[1] ?? 0

/** Whether a request says that a body follows (RFC 9112, section 6.3). */
export const hasBody = ({ headers }: IncomingMessage) =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0

/**
 * The body of a request, or null for one above the limit: one that is announced as larger is not
 * read at all, and of one that turns out larger nothing is kept.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return null
  const chunks: Buffer[] = []
  let size = 0
  // Leaving early must not close the connection that the refusal goes out by.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > maxBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

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

/**
 * Whether a parser may take a body for JSON: by its type, or where that says nothing by its looks.
 */
export const isJson = ({ headers }: IncomingMessage, body: Buffer) =>
  /json/i.test(headers["content-type"] ?? "") || /^\s*[[{]/.test(body.toString("latin1", 0, 64))

const FORM = /^multipart\/form-data/i

/** Whether Next takes a request for a form or a server action, with a body or without. */
export const isFormOrAction = ({ headers }: IncomingMessage) =>
  FORM.test(headers["content-type"] ?? "") || headers["next-action"] !== undefined

/** Whether a form, or the arguments of a server action, can be read: Next would answer 500 and log it. */
export async function isWellFormed({ headers }: IncomingMessage, body: Buffer): Promise<boolean> {
  const type = headers["content-type"] ?? ""
  const action = headers["next-action"]
  if (action !== undefined && !/^[0-9a-f]{42}$/.test(String(action))) return false
  try {
    if (FORM.test(type)) {
      await new Response(new Uint8Array(body), { headers: { "Content-Type": type } }).formData()
    } else if (action !== undefined) {
      JSON.parse(body.toString("utf8"))
    }
    return true
  } catch {
    return false
  }
}

/** Objects and arrays inside of one another, at most. No input of ours needs more than a few. */
const MAX_DEPTH = 64

/**
 * Whether a JSON text nests so deep that parsing it could hold the process up. One look at each
 * byte.
 */
export function isTooDeep(json: Buffer): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (inString) {
      if (byte === 0x5c)
        at++ // an escaped character
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1
      if (depth > MAX_DEPTH) return true
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1
  }
  return false
}

const LINGER_MS = 1_000
const LINGER_BYTES = 1024 * KIB

/**
 * Ends an answer whose request has a body that nothing read, and closes the connection. For a
 * moment more bytes are taken and dropped: a socket that is closed with bytes in it resets the
 * connection, and the client would never see the answer. The answer must have its Content-Length.
 */
export function endUnread(
  request: IncomingMessage,
  response: ServerResponse,
  body: string | Buffer,
) {
  response.setHeader("Connection", "close")
  response.flushHeaders()
  if (body.length > 0) response.write(body)
  let dropped = 0
  const end = () => {
    clearTimeout(timer)
    request.removeAllListeners("data")
    request.pause()
    response.end()
  }
  const timer = setTimeout(end, LINGER_MS)
  request.once("end", end).once("close", end)
  request.on("data", (chunk: Buffer) => {
    dropped += chunk.length
    if (dropped > LINGER_BYTES) end()
  })
}
