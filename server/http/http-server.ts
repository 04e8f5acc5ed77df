import type { SendHandle } from "node:child_process"
import { once } from "node:events"
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { refusalOf } from "#lib/adapters/outages/refusal-of.ts"
import { createBoundServer } from "#packages/connections/create-bound-server.ts"
import type { ServerConfiguration as Settings } from "#server/configuration/derive-configuration.ts"
import { portError } from "#server/processes/port.ts"
import { acceptFrom, BACKLOG } from "#server/processes/shared-port.ts"
import { type App, answerRequest, enters, isVisitors, type Site } from "./answer-request.ts"
import { createRequestClasses } from "./limits/admission.ts"
import { createBusyAnswers } from "./limits/answer-busy.ts"
import { boundHeaders } from "./limits/bound-headers.ts"
import { hasBody } from "./limits/bounded-body.ts"
import { isTrusted } from "./origin/find-client-address.ts"
import { createOriginReader } from "./origin/request-origin.ts"
import { answerFailure, refuse } from "./refuse.ts"
import { refuseConnect, refuseUnreadable } from "./refuse-unreadable.ts"
import { pathOf } from "./request-head.ts"
import { fixedHeaders } from "./response-headers.ts"
import { sideOf } from "./route-names.ts"

const GRACE_MS = 20_000

/** A client must send the head of a request, and the whole request, within these times. */
const HEAD_MS = 15_000
const REQUEST_MS = 120_000
const CHECK_MS = 5_000

type Options = {
  dev: boolean
  stalledMs?: number
  connections?: number
}

/** Creates the HTTP server. Until `mount` is called it answers that Lapse is starting. */
export function createHttpServer(settings: Settings, options: Options) {
  const { dev, stalledMs = STALLED_MS } = options
  const site: Site = {
    settings,
    dev,
    originOf: createOriginReader(settings, { dev }),
    classes: createRequestClasses(),
    app: undefined,
  }
  const underWay = createCounter()
  const listener = listenerOf(site, underWay, stalledMs)
  const server = createBoundedServer(listener, settings, options)
  const upgraded = keepUpgraded(server, site)
  let closeCopies = () => {}

  return {
    server,
    listen: () => listen(server, settings),
    accept(copies: SendHandle[]) {
      closeCopies = acceptFrom(server, copies)
    },
    mount(app: App) {
      const fixed = Object.entries(
        fixedHeaders({ app: settings.appUrl, store: app.storeOrigin, dev }),
      )
      site.app = { ...app, fixedHeaders: fixed, answerBusy: createBusyAnswers(fixed) }
    },
    /** Stops accepting requests, and waits a limited time for open ones. */
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      closeCopies()
      await underWay.untilNone(GRACE_MS)
      // The connections that are still open are idle, such as a browser's spare ones. A request on
      // them would no longer be answered.
      server.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      await closed
    },
  }
}

type Counter = ReturnType<typeof createCounter>

/** Counts open requests. */
function createCounter() {
  let count = 0
  let onNone = () => {}
  return {
    add() {
      count += 1
    },
    remove() {
      count -= 1
      if (count === 0) onNone()
    },
    /** Waits a limited time until there are none. */
    async untilNone(ms: number) {
      const none = Promise.withResolvers<void>()
      const timer = setTimeout(none.resolve, ms)
      onNone = none.resolve
      if (count > 0) await none.promise
      clearTimeout(timer)
    },
  }
}

/** Returns the listener that answers each request and counts it until its end. */
const listenerOf =
  (site: Site, underWay: Counter, stalledMs: number): RequestListener =>
  (request, response) => {
    const { app, classes } = site
    boundHeaders(request.headers)
    // Checked before anything else, because a flood consists mostly of these requests.
    const path = pathOf(request)
    const visitors = classes[app?.findCall(path) ? "guests" : "visitors"]
    if (app && isVisitors(path) && !enters(app, visitors, request, response)) return
    underWay.add()
    const startedAt = performance.now()
    dropStalled(request, response, stalledMs)
    response.once("close", () => {
      visitors.leave(response)
      countRequest(site.app?.routeOf(path) ?? "starting", request, response, startedAt)
      underWay.remove()
    })
    answerRequest(site, request, response).catch((error: unknown) =>
      answerError(error, request, response),
    )
  }

/** Answers a request with the refusal that was thrown. Any other error is a bug and is logged. */
function answerError(error: unknown, request: IncomingMessage, response: ServerResponse) {
  if (request.errored) return response.destroy() // the client disconnected in the middle of its body
  const refused = refusalOf(error)
  if (refused && !response.headersSent) return refuse(request, response, refused)
  if (!refused) console.error(error)
  if (!response.headersSent) answerFailure(request, response)
  else response.destroy()
}

/** Creates the server with limits for connections and for the time of each part of a request. */
function createBoundedServer(
  listener: RequestListener,
  { trustedProxies }: Settings,
  { dev, connections }: Options,
): Server {
  // Only hot reload in development upgrades; other requests to upgrade are answered as plain HTTP.
  const server = createBoundServer(
    { shouldUpgradeCallback: () => dev, connectionsCheckingInterval: CHECK_MS },
    {
      isProxy: (address) => isTrusted(address, trustedProxies),
      ...(connections !== undefined && { most: connections }),
    },
    // With `Expect: 100-continue` the client waits with its body until the code that reads the body
    // asks for it; a refusal does not.
    { request: listener, checkContinue: listener },
  )
  server.on("connect", refuseConnect)
  server.on("clientError", refuseUnreadable)
  server.keepAliveTimeout = 75_000 // longer than proxies keep an idle connection
  // for a client that was busy past that time and sends one more request
  server.keepAliveTimeoutBuffer = 30_000
  server.headersTimeout = HEAD_MS
  server.requestTimeout = REQUEST_MS
  return server
}

/** Returns the open connections that were upgraded. Refuses upgrades for another host. */
function keepUpgraded(server: Server, { settings, originOf }: Site): Set<Duplex> {
  const upgraded = new Set<Duplex>()
  server.on("upgrade", (request, socket) => {
    upgraded.add(socket)
    socket.once("close", () => upgraded.delete(socket))
    // Registered before Next's own listener.
    const { host } = originOf(request)
    if (host !== settings.appUrl.host) socket.destroy()
  })
  return upgraded
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

/** Counts an ended request and how long it took, by the name of its route. */
function countRequest(
  route: string,
  { method = "" }: IncomingMessage,
  response: ServerResponse,
  startedAt: number,
) {
  const status = response.headersSent ? String(response.statusCode) : "aborted"
  metrics().requests.inc({ method: METHODS.has(method) ? method : "other", route, status })
  metrics().requestSeconds.observe({ side: sideOf(route) }, (performance.now() - startedAt) / 1000)
}

const METHODS = new Set(["GET", "HEAD", "POST", "PATCH", "DELETE"])

/** How long a client may read nothing of its answer, or send nothing of its body. */
const STALLED_MS = 30_000

/**
 * Ends the connection when the client stops reading the answer or sending its body. Node counts any
 * bytes that the network takes as activity, and ends a request that is not complete after five
 * minutes. An answer that is still being produced has nothing unsent and stays.
 */
function dropStalled(request: IncomingMessage, response: ServerResponse, ms: number) {
  const { socket } = request
  response.setTimeout(ms, () => {
    if (socket.writableLength > 0 || (hasBody(request) && !request.complete)) socket.destroy()
  })
}
