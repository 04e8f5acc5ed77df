import "server-only"
import { AsyncLocalStorage } from "node:async_hooks"
import type { IncomingMessage, ServerResponse } from "node:http"
import { processWide } from "#lib/adapters/process-wide.ts"
import { isRouterFetch } from "./router-fetch.ts"

type Render = (request: IncomingMessage, response: ServerResponse) => Promise<void>

type Rendering = {
  response: ServerResponse
  /** False for requests that the router of an open page makes. */
  isDocument: boolean
}

const rendering = () => processWide("rendering", () => new AsyncLocalStorage<Rendering>())

/** The document that is being rendered, as long as none of it was sent. */
function unsentDocument() {
  const { isDocument, response } = rendering().getStore() ?? {}
  return isDocument && !response?.headersSent ? response : undefined
}

/**
 * Lets pages set the status of the document that Next renders, which Next does not support:
 * `notFound()` renders a page that is blank without JavaScript, and there is no 410 and no 429.
 */
export function renderingDocuments(render: Render): Render {
  return (request, response) => {
    const [, query = ""] = (request.url ?? "").split("?", 2)
    const header = (name: string) => request.headers[name]?.toString()
    // For any status other than 200 the router would load the document again.
    const isDocument = !isRouterFetch(header, query)
    return rendering().run({ response, isDocument }, render, request, response)
  }
}

/**
 * Sets the status of the document that is being rendered; the page then shows the reason. It works
 * only before anything is streamed, so such a page must not have a `loading.tsx` above it.
 */
export function sayStatus(status: number, retryAfterSeconds?: number) {
  const response = unsentDocument()
  if (!response) return
  response.statusCode = status
  if (retryAfterSeconds !== undefined) {
    response.setHeader("Retry-After", String(retryAfterSeconds))
  }
}

/** Sends a Set-Cookie header with the rendered document, as Next's pages cannot set cookies. */
export function sendCookie(cookie: string) {
  unsentDocument()?.appendHeader("Set-Cookie", cookie)
}
