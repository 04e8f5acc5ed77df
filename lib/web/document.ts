import "server-only"
import { AsyncLocalStorage } from "node:async_hooks"
import { type IncomingMessage, ServerResponse } from "node:http"
import type { Refusal } from "#lib/errors.ts"
import { plainPage } from "./plain-page.ts"
import { isRouterFetch } from "./router-fetch.ts"

type Render = (request: IncomingMessage, response: ServerResponse) => Promise<void>

// Next's bundle and natively loaded code are two instances of this module; they must see one store.
const held = globalThis as typeof globalThis & {
  lapseDocuments?: AsyncLocalStorage<ServerResponse>
}

function documents() {
  held.lapseDocuments ??= new AsyncLocalStorage()
  return held.lapseDocuments
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
    if (isRouterFetch(header, query)) return render(request, response)
    return documents().run(response, render, request, response)
  }
}

/**
 * Sets the status of the document that is being rendered; the page then shows the reason. In time
 * as long as nothing was streamed: such a page has no `loading.tsx` above it.
 */
export function sayStatus(status: number, retryAfterSeconds?: number) {
  const response = documents().getStore()
  if (!response || response.headersSent) return
  response.statusCode = status
  if (retryAfterSeconds !== undefined) {
    response.setHeader("Retry-After", String(retryAfterSeconds))
  }
}

/**
 * Answers the document that is being rendered with an outage, in place of Next's error page, which
 * is a 500 and blank without JavaScript.
 */
export function sayOutage({ status, message, retryAfterSeconds }: Refusal) {
  const response = documents().getStore()
  if (!response || response.headersSent) return
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
  // Drops what Next would write, and what compresses it.
  Object.assign(response, { writeHead: () => response, write: () => true, end: finish })
}
