import { randomBytes } from "node:crypto"
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http"
import type { Duplex } from "node:stream"
import { escapeHtml } from "#lib/escape-html.ts"
import { log } from "#lib/log.ts"
import { ASSETS_PATH } from "#visitor/assets.ts"
import { clientAddress, isForwarded, isLoopback, isTrusted } from "./client-address.ts"
import type { ServerSettings as Settings } from "./derive-settings.ts"
import { dropStalled, STALLED_MS } from "./drop-stalled.ts"
import { portError } from "./port.ts"
import {
  bodyLimit,
  endUnread,
  hasBody,
  isFormOrAction,
  isJson,
  isTooDeep,
  isWellFormed,
  readBody,
  withBody,
} from "./request-body.ts"
import { contentSecurityPolicy, fixedHeaders, type Origins } from "./response-headers.ts"
import { sendAnswer, type Visitor, visitorRequest } from "./serve-visitor.ts"

type App = {
  next: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  visitor: Visitor
  /** Where browsers find objects. */
  storeOrigin: string
}

/** Answered under every host name: probes know addresses, not names. */
const FOR_ANY_HOST = new Set(["/api/live", "/api/health", "/metrics"])

/** Headers about a request that only this server and trusted proxies may set. */
const NOT_FROM_CLIENTS =
  /^(x-forwarded-|x-middleware-|x-nextjs-|x-next-|x-invoke-|x-lapse-|content-security-policy|x-now-route-matches$|x-matched-path$|next-resume$|forwarded$|x-real-ip$)/
// In development Next's own client sends these.
const NEXT_DEVELOPMENT = /^x-nextjs-(html-)?request-id$/

const DOT_SEGMENT = /(?:^|[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:$|[/\\]|%2f|%5c)/i

const GRACE_MS = 20_000

/**
 * The HTTP server that every request comes through. It listens at once, which takes the port, and
 * answers that Lapse is starting until `mount` is called.
 */
export function createHttpServer(
  settings: Settings,
  { dev, stalledMs = STALLED_MS }: { dev: boolean; stalledMs?: number },
) {
  const { appUrl, given, trustedProxies } = settings
  let app: App | undefined
  let fixed: [string, string][] = []
  const unknownProxies = new Set<string>()

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const path = pathOf(request)
    if (!path.startsWith("/")) return answerEmpty(response, 400)
    // Code that resolves them would answer for another address than the one that was checked.
    if (DOT_SEGMENT.test(path)) return refuseBody(request, response, 404, "There is nothing here.")
    if (path === "/api/live") return answerEmpty(response, 204)
    if (!app) return answerStarting(response)
    if (isOfNextAlone(path, dev))
      return refuseBody(request, response, 404, "There is nothing here.")
    const arrived = arrive(request)
    if (path === "/metrics" && !given.METRICS_TOKEN && !arrived.isLocal)
      return refuseBody(request, response, 403, METRICS_ARE_LOCAL)

    const origins = { app: appUrl, store: app.storeOrigin, dev }
    for (const [name, value] of fixed) response.setHeader(name, value)
    if (arrived.host !== appUrl.host && !FOR_ANY_HOST.has(path)) {
      protectPage(path, origins, request, response)
      return answerWrongHost(request, response)
    }

    if (path.startsWith(ASSETS_PATH) && app.visitor.serveAsset(request, response)) return
    const nonce = protectPage(path, origins, request, response)
    if (!path.startsWith("/s/") && !isDecodable(path))
      return refuseBody(request, response, 404, "There is nothing here.")
    if (path.startsWith("/s/")) {
      const visitor = visitorRequest(request, { path, nonce, clientAddress: arrived.client })
      return sendAnswer(request, response, await app.visitor.answer(visitor))
    }
    if (!hasBody(request) && !isFormOrAction(request)) return app.next(request, response)
    const body = await readBody(request, bodyLimit(path))
    if (!body) return refuseBody(request, response, 413, TOO_LARGE)
    if (isJson(request, body) && isTooDeep(body))
      return refuseBody(request, response, 400, TOO_DEEP)
    if (!(await isWellFormed(request, body))) return refuseBody(request, response, 400, MALFORMED)
    await app.next(withBody(request, body), response)
  }

  /**
   * Finds out the client and the host, and removes every header that a client could have made up.
   */
  const arrive = ({ headers, socket, url = "/" }: IncomingMessage) => {
    const peer = socket.remoteAddress
    const viaProxy = isTrusted(peer ?? "", trustedProxies)
    const forwardedHere = isForwarded(headers)
    if (forwardedHere && !viaProxy) warnOfUnknownProxy(unknownProxies, peer)
    const forwarded = viaProxy ? one(headers["x-forwarded-host"]) : undefined
    const host = hostOf(forwarded ?? headers.host)
    const client = clientAddress(
      socket.remoteAddress,
      one(headers["x-forwarded-for"], ","),
      trustedProxies,
    )
    for (const name of Object.keys(headers)) {
      if (NOT_FROM_CLIENTS.test(name) && !(dev && NEXT_DEVELOPMENT.test(name))) delete headers[name]
    }
    headers.host = appUrl.host
    headers["x-forwarded-host"] = appUrl.host
    headers["x-forwarded-proto"] = appUrl.protocol.slice(0, -1)
    headers["x-forwarded-port"] = appUrl.port || (appUrl.protocol === "https:" ? "443" : "80")
    headers["x-forwarded-for"] = client
    headers["x-lapse-client-address"] = client
    headers["x-lapse-path"] = url // a page cannot see its own address
    return { host, client, isLocal: isLoopback(peer) && !forwardedHere }
  }

  const hostOf = (host: string | undefined) => {
    if (host === appUrl.host) return host
    const url = `${appUrl.protocol}//${host}`
    return host && URL.canParse(url) ? new URL(url).host : undefined
  }

  const answerWrongHost: RequestListener = (request, response) => {
    // The path is kept: a link sent with another host name still leads there.
    const right = `${appUrl.origin}${request.url}`
    const text = `This Lapse is at ${appUrl.origin}. If you are there already, its proxy must pass the Host header on.`
    if (!wantsHtml(request)) {
      const problem = { code: "wrong_host", title: text, status: 421, address: right }
      response.writeHead(421, { "Content-Type": "application/problem+json" })
      return response.end(JSON.stringify(problem))
    }
    response.writeHead(421, { "Content-Type": "text/html; charset=utf-8" })
    const link = `<a href="${escapeHtml(right)}">${escapeHtml(appUrl.origin)}</a>`
    response.end(page(`<p>${escapeHtml(text).replace(escapeHtml(appUrl.origin), link)}</p>`))
  }

  let inFlight = 0
  let onQuiet = () => {}
  const server = createServer((request, response) => {
    inFlight++
    dropStalled(request, response, stalledMs)
    response.once("close", () => {
      inFlight--
      if (inFlight === 0) onQuiet()
    })
    handle(request, response).catch((error: unknown) => {
      if (request.errored) return response.destroy() // the client went away in the middle of its body
      console.error(error)
      if (!response.headersSent) answerEmpty(response, 500)
      else response.destroy()
    })
  })
  server.keepAliveTimeout = 75_000 // longer than proxies keep an idle connection
  const upgraded = new Set<Duplex>()
  server.on("upgrade", (request, socket) => {
    upgraded.add(socket)
    socket.once("close", () => upgraded.delete(socket))
    // Before Next's own listener; only hot reload in development uses it.
    const { host } = arrive(request)
    if (!dev || host !== appUrl.host) socket.destroy()
  })

  return {
    server,
    listen: () => listen(server, settings),
    mount(mounted: App) {
      app = mounted
      const origins = { app: appUrl, store: mounted.storeOrigin, dev }
      fixed = Object.entries(fixedHeaders(origins))
    },
    /** Takes no new requests and waits for those that run, for a while. */
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      const impatient = Promise.withResolvers<void>()
      const timer = setTimeout(impatient.resolve, GRACE_MS)
      onQuiet = impatient.resolve
      if (inFlight > 0) await impatient.promise
      clearTimeout(timer)
      // What is open now waits for a request that will not be answered: a browser's spare
      // connection.
      server.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      await closed
    },
  }
}

/** Addresses at which Next would answer what the app does not use, such as its image optimizer. */
const isOfNextAlone = (path: string, dev: boolean) =>
  !dev && path.startsWith("/_next/") && !path.startsWith("/_next/static/")

/** Once for each proxy: its visitors are all counted as one address, and slowed as one. */
function warnOfUnknownProxy(warned: Set<string>, peer = "unknown") {
  if (warned.has(peer) || warned.size >= 20) return
  warned.add(peer)
  log.warn(
    { peer },
    `A request from ${peer} says that a proxy passed it on, and TRUSTED_PROXIES does not name that address: all its visitors count as one. If it is your proxy, set TRUSTED_PROXIES=${peer}.`,
  )
}

/** Sets the page's policy and returns the nonce that it allows. */
function protectPage(
  path: string,
  origins: Origins,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const nonce = randomBytes(16).toString("base64")
  const policy = contentSecurityPolicy(path, nonce, origins)
  response.setHeader("Content-Security-Policy", policy)
  request.headers["content-security-policy"] = policy // Next takes the nonce from here
  return nonce
}

function listen(server: ReturnType<typeof createServer>, { host, port }: Settings) {
  return new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(error, host, port)))
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve)
  })
}

/** Whether Next and the database can take what a path's percent-encoding stands for. */
function isDecodable(path: string) {
  try {
    return !decodeURIComponent(path).includes("\0")
  } catch {
    return false
  }
}

function pathOf({ url = "/" }: IncomingMessage) {
  const end = url.indexOf("?")
  return end < 0 ? url : url.slice(0, end)
}

function one(header: string | string[] | undefined, separator?: ",") {
  if (!Array.isArray(header)) return header
  return separator ? header.join(separator) : header[0]
}

function answerEmpty(response: ServerResponse, status: number) {
  response.writeHead(status, { "Cache-Control": "no-store" }).end()
}

const CODES: Record<number, string> = { 403: "forbidden", 404: "not_found", 413: "too_large" }
const METRICS_ARE_LOCAL =
  "Without METRICS_TOKEN the metrics answer this machine alone, and no proxy: set METRICS_TOKEN and send it as a Bearer token."
const TOO_LARGE = "That is too much to send here. Send less at a time."
const MALFORMED = "The form could not be read. Load the page again and send it once more."
const TOO_DEEP = "The body nests too many levels: it is not what is expected here."

/** Refuses a body that was not read to its end, so that the connection cannot be used again. */
function refuseBody(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  title: string,
) {
  response.setHeader("Cache-Control", "no-store")
  const code = CODES[status] ?? "invalid"
  const [type, body] = (request.headers.accept ?? "").includes("text/html")
    ? ["text/html; charset=utf-8", page(`<p>${escapeHtml(title)}</p>`)]
    : ["application/problem+json", JSON.stringify({ type: "about:blank", code, title, status })]
  response.statusCode = status
  response.setHeader("Content-Type", type)
  response.setHeader("Content-Length", Buffer.byteLength(body))
  endUnread(request, response, body)
}

function answerStarting(response: ServerResponse) {
  response.writeHead(503, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Retry-After": "2",
    Refresh: "2",
  })
  response.end(page("<p>Lapse is starting.</p>"))
}

const wantsHtml = ({ method, headers }: IncomingMessage) =>
  (method === "GET" || method === "HEAD") && (headers.accept ?? "").includes("text/html")

const page = (body: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Lapse</title>${body}`
