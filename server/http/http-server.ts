import type { SendHandle } from "node:child_process"
import { once } from "node:events"
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  Server,
  ServerResponse,
} from "node:http"
import type { Duplex } from "node:stream"
import { Refusal } from "#lib/errors.ts"
import { metrics } from "#lib/monitoring/metrics.ts"
import { refusalOf } from "#lib/outages/refusal-of.ts"
import { refusal } from "#lib/text/sentences.ts"
import { createBoundServer } from "#packages/connections/create-bound-server.ts"
import type { ServerConfiguration as Settings } from "#server/configuration/derive-configuration.ts"
import { portError } from "#server/processes/port.ts"
import { acceptFrom, BACKLOG } from "#server/processes/shared-port.ts"
import { ASSETS_PATH } from "#visitor/assets.ts"
import { hasDotSegment, isOpen, methodsOf, STOP_NOTICES } from "./closed-addresses.ts"
import { countRequest } from "./count-request.ts"
import { classOfApp, createRequestClasses, type RequestClass } from "./limits/admission.ts"
import { createBusyAnswers } from "./limits/answer-busy.ts"
import { boundHeaders } from "./limits/bound-headers.ts"
import { bodyLimit, hasBody, mayExceed, readBody, withBody } from "./limits/bounded-body.ts"
import { dropStalled, STALLED_MS } from "./limits/drop-stalled.ts"
import { isTooDeep } from "./limits/json-depth.ts"
import { isRouterState } from "./limits/router-state.ts"
import { isTrusted } from "./origin/find-client-address.ts"
import { createOriginReader } from "./origin/request-origin.ts"
import {
  answerEarly,
  answerFailure,
  answerStarting,
  answerWrongHost,
  nothingHere,
  refuse,
  refuseMethod,
} from "./refuse.ts"
import { refuseConnect, refuseUnreadable } from "./refuse-unreadable.ts"
import { asksForAction, hasTwoHosts, pathOf } from "./request-head.ts"
import { fixedHeaders, protectPage, scriptPolicy } from "./response-headers.ts"
import type { ServeFile } from "./serve-files.ts"
import { sendAnswer, type Visitor, visitorRequest } from "./serve-visitor.ts"

type App = {
  next: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  visitor: Visitor
  /** Serves the build's files that members' pages load. If it is not set, Next serves them. */
  serveStatic?: ServeFile
  /** The origin from which browsers load objects. */
  storeOrigin: string
  /**
   * Whether a request has a session cookie that was made here. It makes no query, so a flood costs
   * none; the route identifies the member.
   */
  hasSession: (headers: IncomingHttpHeaders) => Promise<boolean>
  /**
   * The id of the member whose session is active, who may send larger bodies; null without a
   * session. One query. Refuses (signed_out) a session that ended.
   */
  findMemberId: (headers: IncomingHttpHeaders) => Promise<string | null>
  /** Maps a path to the name of its route, from a fixed list. */
  routeOf: (path: string) => string
}

/** Paths that are answered under every host name, because probes use addresses. */
const FOR_ANY_HOST = new Set(["/api/live", "/api/health", "/metrics"])

/** The path below which Next serves the files of its build. */
export const STATIC_PATH = "/_next/static/"

/** Links, and the addresses that links had in an imported app. */
const isVisitors = (path: string) => path.startsWith("/s/") || path.startsWith("/share/")

/** Whether a path is answered however busy the process is. */
const isAlwaysAnswered = (path: string) =>
  FOR_ANY_HOST.has(path) || path.startsWith(ASSETS_PATH) || path.startsWith(STATIC_PATH)

const GRACE_MS = 20_000

/** The time in which a client must send the head of a request, and all of it. */
const HEAD_MS = 15_000
const REQUEST_MS = 120_000
const CHECK_MS = 5_000

type Passing = {
  path: string
  clientAddress: string
  requestClass: RequestClass | undefined
}

type Options = {
  dev: boolean
  stalledMs?: number
  /** The most connections that may be open. */
  connections?: number
}

/**
 * Creates the HTTP server for all requests. Until `mount` is called it answers that Lapse is
 * starting.
 */
export function createHttpServer(
  settings: Settings,
  { dev, stalledMs = STALLED_MS, connections }: Options,
) {
  const { appUrl, given, trustedProxies } = settings
  const originOf = createOriginReader(settings, { dev })
  const classes = createRequestClasses()
  let app: App | undefined
  let fixed: [string, string][] = []
  let answerBusy = createBusyAnswers(fixed)

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const path = pathOf(request)
    if (!path.startsWith("/") || hasTwoHosts(request))
      return answerEarly(request, response, { status: 400 })
    if (hasDotSegment(path)) throw nothingHere()
    const methods = methodsOf(path, { dev })
    if (!methods.includes(request.method ?? "")) return refuseMethod(request, response, methods)
    if (path === "/api/live") return answerEarly(request, response, { status: 204 })
    if (!app) return answerStarting(request, response)
    if (isVisitors(path)) return answer(path, app, request, response, classes.visitors)
    if (isAlwaysAnswered(path)) return answer(path, app, request, response)
    const requestClass =
      classes[classOfApp(path, request.method, await app.hasSession(request.headers))]
    if (!enters(requestClass, request, response)) return
    response.once("close", () => requestClass.leave(response))
    await answer(path, app, request, response, requestClass)
  }

  /**
   * Lets a request into its class. If the class is full, answers that the process is busy and
   * returns false.
   */
  const enters = (
    requestClass: RequestClass,
    request: IncomingMessage,
    response: ServerResponse,
  ) => {
    if (requestClass.enter(response)) return true
    metrics().shed.inc({ class: requestClass.name })
    answerBusy(request, response)
    return false
  }

  const answer = async (
    path: string,
    app: App,
    request: IncomingMessage,
    response: ServerResponse,
    requestClass?: RequestClass,
  ) => {
    const origin = originOf(request)
    if (path === "/metrics" && !given.METRICS_TOKEN && !origin.isLocal)
      throw new Refusal("forbidden", METRICS_ARE_LOCAL)

    const origins = { app: appUrl, store: app.storeOrigin, dev }
    for (const [name, value] of fixed) response.setHeader(name, value)
    if (origin.host !== appUrl.host && !FOR_ANY_HOST.has(path)) {
      protectPage(path, origins, request, response)
      return answerWrongHost(request, response, appUrl.origin)
    }

    const serve = path.startsWith(ASSETS_PATH)
      ? app.visitor.serveAsset
      : path.startsWith(STATIC_PATH) && app.serveStatic
    if (serve) {
      response.setHeader("Content-Security-Policy", scriptPolicy(origins))
      if (serve(path, request, response)) return
    }
    const nonce = protectPage(path, origins, request, response)
    const passing = { path, clientAddress: origin.client, requestClass }
    if (isVisitors(path)) {
      const context = { ...passing, nonce, storeOrigin: app.storeOrigin }
      const visitor = visitorRequest(request, response, context)
      return sendAnswer(request, response, await app.visitor.answer(visitor))
    }
    if (!isOpen(path, { dev })) throw nothingHere()
    await passToNext(app, request, response, passing)
  }

  const passToNext = async (
    { next, findMemberId }: App,
    request: IncomingMessage,
    response: ServerResponse,
    { path, clientAddress, requestClass }: Passing,
  ) => {
    if (path.startsWith(STOP_NOTICES)) delete request.headers["content-type"]
    if (asksForAction(request) || !isRouterState(request.headers["next-router-state-tree"]))
      return answerEarly(request, response, { status: 400 })
    if (!hasBody(request)) return next(request, response)
    const { strangers, members } = bodyLimit(path, request.method)
    const isLarge = members > strangers && mayExceed(request, strangers)
    const memberId = isLarge ? await findMemberId(request.headers) : null
    const maxBytes = memberId === null ? strangers : members
    const reading = readBody(request, response, maxBytes, { memberId, clientAddress })
    const body = await (requestClass?.outside(response, reading) ?? reading)
    if (isTooDeep(body)) throw refusal("invalid", "too_deep")
    await next(withBody(request, body), response)
  }

  let inFlight = 0
  let onQuiet = () => {}
  const listener: RequestListener = (request, response) => {
    boundHeaders(request.headers)
    // Checked before anything else, because a flood consists mostly of these requests.
    if (app && isVisitors(pathOf(request)) && !enters(classes.visitors, request, response)) return
    inFlight++
    const startedAt = performance.now()
    dropStalled(request, response, stalledMs)
    response.once("close", () => {
      classes.visitors.leave(response)
      inFlight--
      countRequest(app?.routeOf(pathOf(request)) ?? "starting", request, response, startedAt)
      if (inFlight === 0) onQuiet()
    })
    handle(request, response).catch((error: unknown) => {
      // the client disconnected in the middle of its body
      if (request.errored) return response.destroy()
      const refused = refusalOf(error)
      if (refused && !response.headersSent) return refuse(request, response, refused)
      if (!refused) console.error(error)
      if (!response.headersSent) answerFailure(request, response)
      else response.destroy()
    })
  }
  // Only hot reload in development upgrades connections; other requests to upgrade are answered as
  // plain HTTP.
  const server = createBoundServer(
    { shouldUpgradeCallback: () => dev, connectionsCheckingInterval: CHECK_MS },
    {
      isProxy: (address) => isTrusted(address, trustedProxies),
      ...(connections !== undefined && { most: connections }),
    },
    // With `Expect: 100-continue` the client holds its body back: the code that reads the body asks
    // for it, and a refusal does not.
    { request: listener, checkContinue: listener },
  )
  server.on("connect", refuseConnect)
  server.on("clientError", refuseUnreadable)
  server.keepAliveTimeout = 75_000 // longer than proxies keep an idle connection
  // for a client that was busy past that time and sends one more request
  server.keepAliveTimeoutBuffer = 30_000
  server.headersTimeout = HEAD_MS
  server.requestTimeout = REQUEST_MS
  let closeCopies = () => {}
  const upgraded = new Set<Duplex>()
  server.on("upgrade", (request, socket) => {
    upgraded.add(socket)
    socket.once("close", () => upgraded.delete(socket))
    // Registered before Next's own listener.
    const { host } = originOf(request)
    if (host !== appUrl.host) socket.destroy()
  })

  return {
    server,
    /** Listens on the port. */
    listen: () => listen(server, settings),
    /** Accepts connections from copies of a listening socket. */
    accept(copies: SendHandle[]) {
      closeCopies = acceptFrom(server, copies)
    },
    mount(mounted: App) {
      app = mounted
      const origins = { app: appUrl, store: mounted.storeOrigin, dev }
      fixed = Object.entries(fixedHeaders(origins))
      answerBusy = createBusyAnswers(fixed)
    },
    /** Accepts no new requests and waits, for a limited time, for those under way. */
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      closeCopies()
      const impatient = Promise.withResolvers<void>()
      const timer = setTimeout(impatient.resolve, GRACE_MS)
      onQuiet = impatient.resolve
      if (inFlight > 0) await impatient.promise
      clearTimeout(timer)
      // The connections that are still open wait for a request that would not be answered, such as
      // a browser's spare ones.
      server.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      await closed
    },
  }
}

async function listen(server: Server, { host, port }: Settings) {
  server.listen({ port, backlog: BACKLOG, ...(host === undefined ? {} : { host }) })
  try {
    await once(server, "listening")
  } catch (error) {
    throw isErrno(error) ? portError(error, host, port) : error
  }
}

const isErrno = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error

const METRICS_ARE_LOCAL =
  "Without METRICS_TOKEN the metrics answer this machine alone, and no proxy: set METRICS_TOKEN and send it as a Bearer token."
