import type { ServerResponse } from "node:http"
import { createLogFiles } from "./disk/files/log-files.ts"
import type { Transfer } from "./requests/request-context.ts"
import { type Query, queryValue } from "./requests/uri.ts"

export type AccessLogOptions = {
  directory: string
  parameters?: readonly string[]
  /** The maximum bytes of all files together. The default is 64 MiB. */
  maxBytes?: number
  /** Milliseconds that a line waits for others to be written with: a second by default. */
  flushMs?: number
}

/** A GET of an object whose signature was verified. */
type Read = { method: string; query: Query; response: ServerResponse; transfer: Transfer }

export type AccessLog = {
  /** Logs this request once its answer has ended. */
  follow: (read: Read) => void
  /** Writes the remaining lines. Must be called once no answer is in progress. */
  close: () => Promise<void>
}

const FLUSH_MS = 1_000
const MAX_BYTES = 64 * 1024 ** 2
export const MIN_LOG_BYTES = 64 * 1024
const FILES = 8

/**
 * Opens a log with a line of JSON for each finished GET of an object, without names and addresses.
 * Lines wait in memory and are written together, so no answer waits for the disk. If they cannot be
 * written, `onError` is called once. Lines that do not fit into memory are counted, and their
 * number is logged.
 */
export function openAccessLog(
  options: AccessLogOptions,
  { now, onError }: { now: () => Date; onError: (error: unknown) => void },
): AccessLog {
  const { directory, parameters = [], maxBytes = MAX_BYTES, flushMs = FLUSH_MS } = options
  if (maxBytes < MIN_LOG_BYTES)
    throw new Error(`An access log needs at least ${MIN_LOG_BYTES} bytes.`)
  const maxFileBytes = Math.floor(maxBytes / FILES)
  const files = createLogFiles({ directory, maxBytes, maxFileBytes })
  let waiting: string[] = []
  let waitingBytes = 0
  let lost = 0
  let isFailing = false
  let writing: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null

  const add = (entry: object) => {
    const line = `${JSON.stringify({ at: now().toISOString(), ...entry })}\n`
    const bytes = Buffer.byteLength(line)
    if (waitingBytes + bytes > maxFileBytes) return false
    waiting.push(line)
    waitingBytes += bytes
    timer ??= setTimeout(flush, flushMs).unref()
    return true
  }
  const addLost = () => {
    if (lost > 0 && add({ lost })) lost = 0
  }
  const log = (entry: object) => {
    addLost()
    if (lost > 0 || !add(entry)) lost++
    if (waitingBytes > maxFileBytes / 2 && !isFailing) void flush()
  }

  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    writing ??= write().finally(() => {
      writing = null
    })
    return writing
  }
  const write = async () => {
    addLost()
    const count = waiting.length
    if (count === 0) return
    const text = waiting.join("")
    try {
      await files.append(text)
      waiting = waiting.slice(count)
      waitingBytes -= Buffer.byteLength(text)
      isFailing = false
    } catch (error) {
      if (!isFailing) onError(cannotBeWritten(directory, error))
      isFailing = true
    }
    if (waiting.length > 0) timer ??= setTimeout(flush, flushMs).unref()
  }

  return {
    follow: ({ method, query, response, transfer }) => {
      const found = parameters.flatMap((name) => {
        const value = queryValue(query, name)
        return value === undefined ? [] : [[name, value] as const]
      })
      response.once("close", () =>
        log({ method, parameters: Object.fromEntries(found), ...resultOf(response, transfer) }),
      )
    },
    close: async () => {
      await writing
      await flush()
      if (timer) clearTimeout(timer)
      await files.close().catch(() => {}) // a lost line was reported when its write failed
    },
  }
}

/** The result of an answer. Status 0 means that the client left before the answer began. */
function resultOf(response: ServerResponse, { range, size, taken }: Transfer) {
  const status = response.headersSent ? response.statusCode : 0
  if (!range) return { status, bytes: 0, complete: response.writableFinished }
  const { first, last } = range
  return { status, first, size, bytes: taken, complete: taken === last - first + 1 }
}

function cannotBeWritten(directory: string, cause: unknown) {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new Error(`The access log in ${directory} cannot be written: ${reason}`, { cause })
}
