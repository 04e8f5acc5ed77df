import "server-only"
import type { IncomingMessage, ServerResponse } from "node:http"
import { isBot } from "#lib/claims/bots.ts"
import { countView, type ViewKind } from "#lib/claims/count-view.ts"
import {
  COOKIES,
  newVisitId,
  readVisitorCookies,
  signVisit,
  type VisitorCookies,
} from "#lib/claims/visitor-cookies.ts"
import { Refusal } from "#lib/errors.ts"
import { readLinkToken } from "#lib/secrets.ts"
import { ticketSeconds } from "#lib/settings.ts"
import { isRouterFetch } from "./router-fetch.ts"
import { answerVisitor, visitorPath } from "./visitor/answer-visitor.ts"
import {
  type Answer,
  cookieOf,
  isPrefetch,
  setCookie,
  type VisitorRequest,
} from "./visitor/exchange.ts"
import { answering } from "./visitor/refuse.ts"
import { sourceOf } from "./visitor/visit-of.ts"

/** True: answered. A status: Next renders the page, and this status goes out in place of its 200. */
export type Fronted = boolean | { status: number; headers?: Record<string, string | string[]> }

/** Answers a link's hot addresses before Next, and settles its page's status, views and cookies. */
export async function answerInFront(
  request: IncomingMessage,
  response: ServerResponse,
  context: { clientAddress: string },
): Promise<Fronted> {
  const [pathname = "", query = ""] = (request.url ?? "").split("?", 2)
  const path = visitorPath(pathname)
  if (!path) return false
  const visitor: VisitorRequest = {
    method: request.method ?? "GET",
    token: path.token,
    header: (name) => headerOf(request, name),
    clientAddress: context.clientAddress,
    readBody: (maxBytes) => readBody(request, maxBytes),
  }
  if (path.what === "page") return answerPage(visitor, response, query)
  send(response, await answerVisitor(visitor, path))
  request.resume()
  return true
}

async function answerPage(
  visitor: VisitorRequest,
  response: ServerResponse,
  query: string,
): Promise<Fronted> {
  if (visitor.method !== "GET" && visitor.method !== "HEAD") return false
  // The router's own fetches of a page that is open already: no view, and no page of their own.
  if (isRouterFetch(visitor.header, query)) return false
  let status = 0
  const answer = await answering(visitor, async () => {
    const cookies = readVisitorCookies((name) => cookieOf(visitor, name))
    status = await pageStatus(visitor, cookies, query)
    const headers: Answer["headers"] = status === 200 ? pageCookies(visitor, cookies) : []
    return { status, headers, body: null }
  })
  if (status === 0) {
    send(response, answer)
    return true
  }
  if (visitor.method === "HEAD") {
    const type: [string, string] = ["Content-Type", "text/html; charset=utf-8"]
    send(response, { ...answer, headers: [type, ["Cache-Control", "private, no-store"]] })
    return true
  }
  for (const [name, value] of answer.headers) response.appendHeader(name, value)
  return status === 200 ? false : { status }
}

async function pageStatus(visitor: VisitorRequest, cookies: VisitorCookies, query: string) {
  const publicId = readLinkToken(visitor.token)
  if (!publicId) return 404
  const kind = viewKind(visitor, query)
  const source = kind && (await sourceOf(visitor, publicId))
  return countView({ publicId, cookies, kind, source })
}

/** A person's fetch of the page as a document is a view; machines, prefetches and HEADs count apart; our own redirect back counts as nothing. */
function viewKind(visitor: VisitorRequest, query: string): ViewKind {
  const { header, method } = visitor
  if (method === "HEAD" || isPrefetch(visitor) || isBot(header("user-agent") ?? ""))
    return "bot_view"
  if (cookieOf(visitor, COOKIES.back) !== undefined) return null
  // Leafing through a long list of files.
  if (/(^|&)part=/.test(query)) return null
  if (header("rsc") !== undefined || /(^|&)_rsc=/.test(query)) return null
  // Plain http outside localhost has no Sec-Fetch headers.
  const destination = header("sec-fetch-dest") ?? "document"
  const accepted = header("accept") ?? "*/*"
  return destination === "document" && /text\/html|\*\/\*/i.test(accepted) ? "view" : null
}

function pageCookies(
  visitor: VisitorRequest,
  { visitId }: Pick<VisitorCookies, "visitId">,
): Answer["headers"] {
  const { token } = visitor
  const visit = signVisit(visitId ?? newVisitId())
  const cookies = [setCookie(token, COOKIES.visit, visit, ticketSeconds())]
  if (cookieOf(visitor, COOKIES.back) !== undefined)
    cookies.push(setCookie(token, COOKIES.back, ""))
  return cookies
}

function headerOf({ headers }: IncomingMessage, name: string) {
  const value = headers[name]
  return Array.isArray(value) ? value.join(", ") : value
}

function send(response: ServerResponse, { status, headers, body }: Answer) {
  response.statusCode = status
  // Several cookies are several headers; anything else replaces what was set for all answers.
  for (const [name, value] of headers) {
    if (name === "Set-Cookie") response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
  if (!response.hasHeader("content-length")) {
    response.setHeader("Content-Length", Buffer.byteLength(body ?? ""))
  }
  response.end(body)
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  // Leaving early must not close the connection that the refusal goes out by.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > maxBytes) throw new Refusal("too_large", "That is too much.")
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}
