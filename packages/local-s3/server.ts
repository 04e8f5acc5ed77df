import { mkdir } from "node:fs/promises"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import type { ConnectionBounds } from "../connections/bound-connections.ts"
import { createBoundServer } from "../connections/create-bound-server.ts"
import { type Lock, tryLockFor } from "../file-lock/file-lock.ts"
import { indexKeys, type RestrictedKey } from "./access/access-keys.ts"
import { requireAllowed } from "./access/access-rule.ts"
import { authenticate } from "./access/authenticate.ts"
import { addCorsHeaders, answerPreflight } from "./access/cors.ts"
import { type FreeBytes, keepReserve } from "./body/disk-reserve.ts"
import { createDrafts } from "./body/drafts.ts"
import { openStore } from "./disk/open-store.ts"
import type { Store } from "./disk/store.ts"
import { requireSupportedHeaders } from "./requests/object-headers.ts"
import { collectHeaders, parseResource } from "./requests/request-context.ts"
import { parseTarget } from "./requests/uri.ts"
import { type FailedRequest, newRequestId, sendError } from "./respond.ts"
import { findOperation } from "./route.ts"
import { S3Error } from "./s3-error.ts"

export type LocalS3Options = {
  dir: string
  host: string
  port: number
  accessKeyId: string
  secretAccessKey: string
  /** Additional keys, each of which may only read certain objects. */
  restrictedKeys?: readonly RestrictedKey[]
  region?: string
  now?: () => Date
  /** Uploads leave this many bytes of the disk free. The default is 0. */
  reserveBytes?: number
  freeBytes?: FreeBytes
  /**
   * Called with errors that are bugs or disk failures. A full disk is not one of them: the client
   * gets an error response. The default prints a line to stderr.
   */
  onError?: (error: unknown) => void
  /** Milliseconds without progress of a body that end the request. The default is a minute. */
  bodyIdleMs?: number
  /** The announced keep-alive time of an idle connection in ms. The default is 65 seconds. */
  keepAliveMs?: number
  /** How long writes under a deleted key are refused, because older URLs may work. Default: 0. */
  deletedKeyMs?: number
  /** The maximum number of uploads that arrive at the same time. The default is 1,000. */
  maxDrafts?: number
  /** The maximum number of open connections, and which addresses belong to proxies. */
  connections?: ConnectionBounds
}

type LocalS3 = { url: string; port: number; close: () => Promise<void> }

const HEADERS_TIMEOUT_MS = 60_000
const KEEP_ALIVE_MS = 65_000
/**
 * An idle connection is closed this much later than announced. A client that was busy for a moment
 * would otherwise send its next request on a closed connection ("socket hang up").
 */
const KEEP_ALIVE_BUFFER_MS = 30_000
/** A connection is closed after this long without a byte. A paused upload may be silent for long. */
const IDLE_MS = 60 * 60_000
const BODY_IDLE_MS = 60_000
const MAX_DRAFTS = 1000
const CLOSE_GRACE_MS = 5_000
/** How long a start waits for a previous process that is about to end. */
const LOCK_MS = 3_000
const DRAIN_MS = 5_000
const DRAIN_BYTES = 16 * 1024 ** 2

/**
 * Serves a directory as an S3 object store, path style, with full Signature Version 4. Resolves
 * when it accepts requests. `close` gives requests in progress five seconds, then ends them.
 */
export async function startLocalS3(options: LocalS3Options): Promise<LocalS3> {
  const { dir, host, port, region = "us-east-1" } = options
  const { now = () => new Date(), onError = reportOnStderr } = options
  const { bodyIdleMs = BODY_IDLE_MS, maxDrafts = MAX_DRAFTS } = options
  const { deletedKeyMs = 0 } = options
  const credentials = { keys: indexKeys(options), region }
  await mkdir(dir, { recursive: true, mode: 0o700 })

  const opened = Promise.withResolvers<Store>()
  opened.promise.catch(() => {}) // thrown below, and to the requests that await it
  const running = new Set<Promise<unknown>>()
  const drafts = createDrafts({ idleMs: bodyIdleMs, max: maxDrafts })
  const reserve = keepReserve(dir, options.reserveBytes ?? 0, options.freeBytes)

  const handle = (request: IncomingMessage, response: ServerResponse, sendContinue: () => void) => {
    const sent = new Promise((resolve) => response.once("close", resolve))
    const done = Promise.all([answer(request, response, sendContinue), sent])
    running.add(done)
    done.finally(() => running.delete(done))
  }

  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    sendContinue: () => void,
  ) => {
    const { method = "", url = "" } = request
    const requestId = newRequestId()
    response.setHeader("Date", now().toUTCString())
    response.setHeader("Server", "local-s3")
    response.setHeader("x-amz-request-id", requestId)
    response.setHeader("x-amz-id-2", requestId)
    try {
      const target = parseTarget(url)
      const headers = collectHeaders(request)
      const resource = parseResource(target.path)
      const store = await opened.promise
      const bucket = store.buckets.get(resource.bucketName)
      if (method === "OPTIONS") {
        answerPreflight(bucket?.cors, headers, response)
        return
      }
      if (bucket) addCorsHeaders(bucket.cors, method, headers, response)
      const authentication = authenticate({ method, target, headers }, credentials, now())
      const asked = { method, resource, query: target.query }
      requireAllowed(authentication.rule, asked)
      const operation = findOperation(method, resource, target.query)
      const context = {
        request,
        response,
        method,
        target,
        headers,
        ...resource,
        store,
        drafts,
        reserve,
        region,
        now,
        authentication,
        sendContinue,
      }
      requireSupportedHeaders(context)
      await operation(context)
    } catch (error) {
      if (isDisconnected(request, response)) {
        if (hasCode(error, /^(EIO|ENOENT|ESTALE)$/)) onError(error)
        return
      }
      const path = url.split("?")[0] ?? ""
      await answerError(request, { method, path, requestId, response }, toS3Error(error))
    }
  }

  const toS3Error = (error: unknown) => {
    if (error instanceof S3Error) return error
    if (hasCode(error, /^(ENOSPC|EDQUOT)$/)) return new S3Error("StorageFull")
    onError(error)
    return new S3Error("InternalError")
  }

  const server = createBoundServer(
    { highWaterMark: 256 * 1024, keepAlive: true },
    options.connections ?? {},
    {
      request: (request, response) => handle(request, response, () => {}),
      checkContinue: (request, response) =>
        handle(request, response, () => response.writeContinue()),
    },
  )
  server.requestTimeout = 0
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.keepAliveTimeout = options.keepAliveMs ?? KEEP_ALIVE_MS
  server.keepAliveTimeoutBuffer = KEEP_ALIVE_BUFFER_MS
  server.timeout = IDLE_MS

  // Takes the port first: a process that holds it may be using the temporary files in `dir`.
  const boundPort = await listen(server, host, port)
  let lock: Lock | null = null
  try {
    lock = await tryLockFor(LOCK_MS, join(dir, "lock"))
    // A second process would remove the temporary files of the first.
    if (!lock) throw new Error(`Another object store is already running on ${dir}.`)
    opened.resolve(await openStore(dir, { deletedKeyMs, now }))
  } catch (error) {
    opened.reject(error)
    server.close()
    server.closeAllConnections()
    lock?.release()
    throw error
  }

  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    await Promise.race([Promise.all(running), wait(CLOSE_GRACE_MS, undefined, { ref: false })])
    server.closeAllConnections()
    await Promise.all(running)
    await closed
    await (await opened.promise).deletedKeys.close()
    lock.release()
  }
  return { url: urlOf(host, boundPort), port: boundPort, close }
}

function listen(server: Server, host: string, port: number) {
  return new Promise<number>((resolve, reject) => {
    server.once("error", reject)
    server.listen({ host, port }, () => {
      server.off("error", reject)
      const address = server.address()
      resolve(typeof address === "object" && address ? address.port : port)
    })
  })
}

function urlOf(host: string, port: number) {
  const reachable = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`
}

/**
 * Answers an error. If the body is still arriving, sends the answer at once and then discards input
 * for a moment: closing at once would reset the connection before the client reads the answer.
 */
async function answerError(request: IncomingMessage, failed: FailedRequest, error: S3Error) {
  const { response } = failed
  if (request.complete) {
    sendError(failed, error)
    return
  }
  response.shouldKeepAlive = false
  sendError(failed, error, "keep open")
  let left = DRAIN_BYTES
  const drained = new Promise<void>((resolve) => {
    request.on("data", (chunk: Buffer) => {
      left -= chunk.length
      if (left < 0) resolve()
    })
    request.once("end", resolve)
    request.once("close", resolve)
    request.once("error", () => resolve())
  })
  await Promise.race([drained, wait(DRAIN_MS, undefined, { ref: false })])
  response.end()
}

function isDisconnected(request: IncomingMessage, response: ServerResponse) {
  return response.destroyed || request.socket.destroyed
}

function hasCode(error: unknown, codes: RegExp) {
  return error instanceof Error && "code" in error && codes.test(String(error.code))
}

function reportOnStderr(error: unknown) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${JSON.stringify({ level: "error", from: "local-s3", error: text })}\n`)
}
