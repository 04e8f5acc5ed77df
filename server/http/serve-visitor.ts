import fs from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import path from "node:path"
import { pipeline } from "node:stream/promises"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { constants, gzip, gzipSync } from "node:zlib"
import { refusal } from "#lib/text/sentences.ts"
import type { createVisitor } from "#visitor/answer.ts"
import { ASSETS_PATH, type Assets } from "#visitor/assets.ts"
import type { Answer, VisitorRequest } from "#visitor/exchange.ts"
import type { RequestClass } from "./limits/admission.ts"
import { bodyLimit, endAnswer, readStrangersBody } from "./limits/bounded-body.ts"
import { isTooDeep } from "./limits/json-depth.ts"
import { acceptsEncoding, type ServeFile, serveFiles } from "./serve-files.ts"

export type Visitor = {
  /** Answers everything below /s/. */
  answer: (request: VisitorRequest) => Promise<Answer>
  /** Answers what those pages load; false where there is no such file. */
  serveAsset: ServeFile
}

/** Loads what `buildVisitor` made: the code that answers, and the files that browsers load. */
export async function loadVisitor(folder: string, { dev = false } = {}): Promise<Visitor> {
  const bundle = path.join(folder, "visitor.mjs")
  const version = fs.statSync(bundle).mtimeMs // a module is loaded once per address
  const loaded: { createVisitor: typeof createVisitor } = await import(
    `${pathToFileURL(bundle).href}?${version}`
  )
  const { reload, ...assets }: Assets = JSON.parse(
    fs.readFileSync(path.join(folder, "assets.json"), "utf8"),
  )
  return {
    answer: loaded.createVisitor(dev && reload ? { ...assets, reload } : assets),
    serveAsset: serveFiles(path.join(folder, "assets"), ASSETS_PATH),
  }
}

type VisitorContext = Pick<VisitorRequest, "path" | "nonce" | "clientAddress" | "storeOrigin"> & {
  requestClass?: RequestClass | undefined
}

/** A request of Node's HTTP server as the visitor's code reads it. */
export function visitorRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { path, nonce, clientAddress, storeOrigin, requestClass }: VisitorContext,
): VisitorRequest {
  const { headers, method = "GET", url = "" } = request
  return {
    method,
    path,
    query: new URLSearchParams(url.slice(path.length + 1)),
    header: (name) => {
      const value = headers[name]
      return Array.isArray(value) ? value.join(", ") : value
    },
    clientAddress,
    nonce,
    storeOrigin,
    readBody: async (maxBytes) => {
      const limit = Math.min(maxBytes, bodyLimit(path).strangers)
      const reading = readStrangersBody(request, response, limit)
      const body = await (requestClass?.outside(response, reading) ?? reading)
      if (isTooDeep(body)) throw refusal("invalid", "too_deep")
      return body.toString("utf8")
    },
    isGone: () => request.socket.destroyed,
  }
}

/** Shorter pages are sent uncompressed: they fit into the first packets anyway. */
const WORTH_COMPRESSING = 8 * 1024
/** Up to this size compressing here costs a third of what it costs in another thread. */
const COMPRESSED_AT_ONCE = 512 * 1024
const LEVEL = { level: constants.Z_BEST_SPEED }
const gzipInThread = promisify(gzip)

const compress = (body: string) =>
  body.length <= COMPRESSED_AT_ONCE ? gzipSync(body, LEVEL) : gzipInThread(body, LEVEL)

export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
) {
  response.statusCode = status
  response.setHeader("X-Robots-Tag", "noindex, nofollow")
  // Several cookies are several headers; anything else replaces what was set for all answers.
  for (const [name, value] of headers) {
    if (name === "Set-Cookie") response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
  if (body !== null && typeof body !== "string") return sendParts(response, body)
  if (body !== null && body.length > WORTH_COMPRESSING) {
    response.appendHeader("Vary", "Accept-Encoding")
    if (acceptsEncoding(request, "gzip")) {
      const bytes = await compress(body)
      response.setHeader("Content-Encoding", "gzip")
      response.setHeader("Content-Length", bytes.length)
      return endAnswer(request, response, bytes)
    }
  }
  if (!response.hasHeader("content-length")) {
    response.setHeader("Content-Length", Buffer.byteLength(body ?? ""))
  }
  endAnswer(request, response, body ?? "")
}

/**
 * Sends the headers at once, and a part when the client has taken those before. Asks for no more
 * when the client is gone.
 */
async function sendParts(response: ServerResponse, parts: AsyncIterable<string>) {
  response.flushHeaders()
  try {
    await pipeline(parts, response)
  } catch (error) {
    if (!isCode(error, "ERR_STREAM_PREMATURE_CLOSE")) throw error
  }
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && "code" in error && error.code === code
