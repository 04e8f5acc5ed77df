import "server-only"
import { AsyncLocalStorage } from "node:async_hooks"
import { type IncomingMessage, ServerResponse } from "node:http"
import { Refusal } from "#lib/errors.ts"
import { processWide } from "#lib/process-wide.ts"
import { plainPage } from "./plain-page.ts"
import { isRouterFetch } from "./router-fetch.ts"

type Render = (request: IncomingMessage, response: ServerResponse) => Promise<void>

type Rendering = {
  response: ServerResponse
  /** False for what the router of an open page fetches. */
  isDocument: boolean
  /** What became of the server action that the request asks for. */
  action: "none" | "asked for" | "begun"
}

const rendering = () => processWide("rendering", () => new AsyncLocalStorage<Rendering>())

/** The document that is being rendered, as long as nothing of it was sent. */
function unsentDocument() {
  const { isDocument, response } = rendering().getStore() ?? {}
  return isDocument && !response?.headersSent ? response : undefined
}

/**
 * Lets pages set the status of the document that Next renders, which Next cannot: `notFound()`
 * renders a page that is blank without JavaScript, and there is no 410 and no 429.
 */
export function renderingDocuments(render: Render): Render {
  return (request, response) => {
    const [, query = ""] = (request.url ?? "").split("?", 2)
    const header = (name: string) => request.headers[name]?.toString()
    // For any other status than 200 the router would load the document again.
    const isDocument = !isRouterFetch(header, query)
    const action = asksForAction(request) ? "asked for" : "none"
    return rendering().run({ response, isDocument, action }, render, request, response)
  }
}

// server/require-action.ts lets no form pass that names no action.
const asksForAction = ({ method, headers }: IncomingMessage) =>
  method === "POST" &&
  (headers["next-action"] !== undefined ||
    headers["content-type"]?.startsWith("multipart/form-data") === true)

/**
 * Sets the status of the document that is being rendered; the page then shows the reason. In time
 * as long as nothing was streamed: such a page has no `loading.tsx` above it.
 */
export function sayStatus(status: number, retryAfterSeconds?: number) {
  const response = unsentDocument()
  if (!response) return
  response.statusCode = status
  if (retryAfterSeconds !== undefined) {
    response.setHeader("Retry-After", String(retryAfterSeconds))
  }
}

/** Removes a cookie of this path with the document that is being rendered: Next's pages set none. */
export function dropCookie(name: string, path: string) {
  unsentDocument()?.appendHeader("Set-Cookie", `${name}=; Path=${path}; Max-Age=0; HttpOnly`)
}

/** Says that a server action has got its arguments: from here on an error is one of ours. */
export function beginAction() {
  const store = rendering().getStore()
  if (store?.action === "asked for") store.action = "begun"
}

/**
 * Answers a server action whose arguments could not be read with 400, and says whether the error
 * that Next met is one of those: its action has not begun.
 */
export function sayUnreadableAction(): boolean {
  const store = rendering().getStore()
  if (store?.action !== "asked for") return false
  if (!store.response.headersSent) answerInstead(store.response, UNREADABLE)
  return true
}

const UNREADABLE = new Refusal(
  "invalid",
  "The form could not be read. Load the page again and send it once more.",
)

/** Answers with a sentence in place of what Next is about to send, and of what compresses it. */
function answerInstead(response: ServerResponse, refusal: Refusal) {
  const { status, message, retryAfterSeconds } = refusal
  const { headers, body } = plainPage(message)
  const { writeHead, end } = ServerResponse.prototype
  const finish = () => {
    if (response.headersSent) return response
    for (const name of response.getHeaderNames()) {
      if (/^(content-(encoding|length)|etag|link|vary)$/.test(name)) response.removeHeader(name)
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (retryAfterSeconds) response.setHeader("Retry-After", String(retryAfterSeconds))
    response.setHeader("Content-Length", Buffer.byteLength(body))
    Reflect.apply(writeHead, response, [status])
    return Reflect.apply(end, response, [body])
  }
  Object.assign(response, { writeHead: () => response, write: () => true, end: finish })
}
