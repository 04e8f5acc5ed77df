import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http"
import { Refusal } from "#lib/adapters/errors.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Found } from "#lib/api/find-call.ts"
import type { ListedCall } from "#server/build/list-routes.ts"
import type { ServerConfiguration as Settings } from "#server/configuration/derive-configuration.ts"
import { ASSETS_PATH } from "#visitor/assets.ts"
import { hasDotSegment, isOpen, methodsOf, STOP_NOTICES } from "./closed-addresses.ts"
import { classOfApp, type createRequestClasses, type RequestClass } from "./limits/admission.ts"
import type { createBusyAnswers } from "./limits/answer-busy.ts"
import { bodyLimit, hasBody, mayExceed, readBody, withBody } from "./limits/bounded-body.ts"
import { isTooDeep } from "./limits/json-depth.ts"
import { isRouterState } from "./limits/router-state.ts"
import type { createOriginReader, RequestOrigin } from "./origin/request-origin.ts"
import {
  answerEarly,
  answerStarting,
  answerWrongHost,
  nothingHere,
  refuseMethod,
} from "./refuse.ts"
import { asksForAction, hasTwoHosts, pathOf } from "./request-head.ts"
import { framePolicy, type Origins, protectPage, scriptPolicy } from "./response-headers.ts"
import { COMMAND_PATHS } from "./serve-command.ts"
import type { ServeFile } from "./serve-files.ts"
import { sendAnswer, type Visitor, visitorRequest } from "./visitor/serve-visitor.ts"

export type App = {
  next: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  visitor: Visitor
  /** Serves the build's files that members' pages load. If it is not set, Next serves them. */
  serveStatic?: ServeFile
  /** Serves the command for other machines. If it is not set, there is none. */
  serveCommand?: ServeFile
  storeOrigin: string
  /** Whether a request has a session cookie that was made here. Makes no query. */
  hasSession: (headers: IncomingHttpHeaders) => Promise<boolean>
  /** The id of the member of an active session, or null. Refuses (signed_out) an ended one. */
  findMemberId: (headers: IncomingHttpHeaders, address: string) => Promise<string | null>
  /** Finds the calls of the API at a path. */
  findCall: (path: string) => Found<ListedCall> | undefined
  /** Maps a path to the name of its route, from a fixed list. */
  routeOf: (path: string) => string
}

export type Site = {
  settings: Settings
  dev: boolean
  originOf: ReturnType<typeof createOriginReader>
  classes: ReturnType<typeof createRequestClasses>
  /** Undefined while Lapse is starting. */
  app: MountedApp | undefined
}

type MountedApp = App & {
  fixedHeaders: [string, string][]
  answerBusy: ReturnType<typeof createBusyAnswers>
}

type Exchange = {
  request: IncomingMessage
  response: ServerResponse
  path: string
  call?: ListedCall | undefined
  requestClass?: RequestClass
}

/** Paths that are answered under every host name, because probes use addresses. */
const FOR_ANY_HOST = new Set(["/api/live", "/api/health", "/metrics"])

/** The path below which Next serves the files of its build. */
export const STATIC_PATH = "/_next/static/"

/** Whether a path belongs to visitors: a link, a request, or an old link of an imported app. */
export const isVisitors = (path: string) => /^\/(s|r|share)\//.test(path)

const isAlwaysAnswered = (path: string) =>
  FOR_ANY_HOST.has(path) ||
  COMMAND_PATHS.includes(path) ||
  path.startsWith(ASSETS_PATH) ||
  path.startsWith(STATIC_PATH)

/** Answers a request. Throws a Refusal if its address does not exist or may not be requested. */
export async function answerRequest(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { app, classes, dev } = site
  const path = pathOf(request)
  if (!path.startsWith("/") || hasTwoHosts(request))
    return answerEarly(request, response, { status: 400 })
  if (hasDotSegment(path)) throw nothingHere()
  const calls = app?.findCall(path)?.byMethod
  const methods = calls && !isVisitors(path) ? [...calls.keys()] : methodsOf(path, { dev })
  if (!methods.includes(request.method ?? "")) return refuseMethod(request, response, methods)
  if (path === "/api/live") return answerEarly(request, response, { status: 204 })
  if (!app) return answerStarting(request, response)
  const call = calls?.get(request.method ?? "")
  const exchange = { request, response, path, call }
  if (isVisitors(path)) {
    const requestClass = classes[calls ? "guests" : "visitors"]
    return answer(site, app, { ...exchange, requestClass })
  }
  if (isAlwaysAnswered(path)) return answer(site, app, exchange)
  const hasSession = await app.hasSession(request.headers)
  const requestClass = classes[classOfApp(request.method, hasSession, call)]
  if (!enters(app, requestClass, request, response)) return
  response.once("close", () => requestClass.leave(response))
  await answer(site, app, { ...exchange, requestClass })
}

/** Lets a request into its class, or answers that the process is busy and returns false. */
export function enters(
  app: MountedApp,
  requestClass: RequestClass,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (requestClass.enter(response)) return true
  metrics().shed.inc({ class: requestClass.name })
  app.answerBusy(request, response)
  return false
}

async function answer({ settings, dev, originOf }: Site, app: MountedApp, exchange: Exchange) {
  const { request, response, path } = exchange
  const origin = originOf(request)
  requireMetricsAccess(settings, path, origin)
  const origins = { app: settings.appUrl, store: app.storeOrigin, dev }
  for (const [name, value] of app.fixedHeaders) response.setHeader(name, value)
  const isWrongHost = origin.host !== settings.appUrl.host && !FOR_ANY_HOST.has(path)
  if (!isWrongHost && servesFile(app, exchange, origins)) return
  const nonce = protectPage(path, origins, request, response)
  if (isWrongHost) return answerWrongHost(request, response, settings.appUrl.origin)
  if (isVisitors(path)) return answerVisitor(app, exchange, { nonce, clientAddress: origin.client })
  if (!isOpen(path, { dev })) throw nothingHere()
  await passToNext(app, exchange, origin.client)
}

/** Refuses (forbidden) the metrics to other machines unless a token protects them. */
function requireMetricsAccess({ given }: Settings, path: string, { isLocal }: RequestOrigin) {
  if (path === "/metrics" && !given.METRICS_TOKEN && !isLocal)
    throw new Refusal("forbidden", METRICS_ARE_LOCAL)
}

const METRICS_ARE_LOCAL =
  "Without METRICS_TOKEN the metrics answer this machine alone, and no proxy: set METRICS_TOKEN and send it as a Bearer token."

/** Serves a file of the build. Returns false if there is no such file. */
function servesFile(app: App, { request, response, path }: Exchange, origins: Origins) {
  const serve = path.startsWith(ASSETS_PATH)
    ? app.visitor.serveAsset
    : COMMAND_PATHS.includes(path)
      ? app.serveCommand
      : path.startsWith(STATIC_PATH) && app.serveStatic
  if (!serve) return false
  const isFrame = path.endsWith(".html")
  const policy = isFrame ? framePolicy(origins) : scriptPolicy(origins)
  response.setHeader("Content-Security-Policy", policy)
  if (isFrame) response.setHeader("X-Frame-Options", "SAMEORIGIN")
  return serve(path, request, response)
}

async function answerVisitor(
  { visitor, storeOrigin }: App,
  { request, response, path, requestClass }: Exchange,
  page: { nonce: string; clientAddress: string },
) {
  const context = { ...page, path, requestClass, storeOrigin }
  const answer = await visitor.answer(visitorRequest(request, response, context))
  await sendAnswer(request, response, answer)
}

/** Passes a request to Next, with a body that was read and counted. */
async function passToNext(app: App, exchange: Exchange, clientAddress: string) {
  const { request, response, path } = exchange
  if (path.startsWith(STOP_NOTICES)) delete request.headers["content-type"]
  if (asksForAction(request) || !isRouterState(request.headers["next-router-state-tree"]))
    return answerEarly(request, response, { status: 400 })
  if (!hasBody(request)) return app.next(request, response)
  const body = await readCountedBody(app, exchange, clientAddress)
  if (isTooDeep(body)) throw refusal("invalid", "too_deep")
  await app.next(withBody(request, body), response)
}

/** Reads the body, which may be larger from a member with an active session. */
async function readCountedBody(
  { findMemberId }: App,
  { request, response, path, call, requestClass }: Exchange,
  clientAddress: string,
) {
  const { strangers, members } = bodyLimit(path, call)
  const isLarge = members > strangers && mayExceed(request, strangers)
  const memberId = isLarge ? await findMemberId(request.headers, clientAddress) : null
  const maxBytes = memberId === null ? strangers : members
  const reading = readBody(request, response, maxBytes, { memberId, clientAddress })
  return requestClass?.outside(response, reading) ?? reading
}
