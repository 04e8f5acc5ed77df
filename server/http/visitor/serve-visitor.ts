import fs from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import path from "node:path"
import { pipeline } from "node:stream/promises"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from "node:zlib"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { RequestClass } from "#server/http/limits/admission.ts"
import { endAnswer, readBody } from "#server/http/limits/bounded-body.ts"
import { isTooDeep } from "#server/http/limits/json-depth.ts"
import { acceptsEncoding, type ServeFile, serveFiles } from "#server/http/serve-files.ts"
import type { createVisitor } from "#visitor/answer.ts"
import { ASSETS_PATH, type Assets } from "#visitor/assets.ts"
import type { Answer, VisitorRequest } from "#visitor/exchange.ts"

export type Visitor = {
  /** Answers every request below /s/. */
  answer: (request: VisitorRequest) => Promise<Answer>
  /** Answers requests for the files that visitors' pages load; false if the file does not exist. */
  serveAsset: ServeFile
}

/** Loads the result of `buildVisitor`: the code that answers, and the files that browsers load. */
export async function loadVisitor(folder: string, { dev = false } = {}): Promise<Visitor> {
  const bundle = path.join(folder, "visitor.mjs")
  const version = fs.statSync(bundle).mtimeMs // Node loads a module once per address
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

/** Converts a request of Node's HTTP server to the visitor code's format. */
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
      const sender = { memberId: null, clientAddress }
      const reading = readBody(request, response, maxBytes, sender)
      const body = await (requestClass?.outside(response, reading) ?? reading)
      if (isTooDeep(body)) throw refusal("invalid", "too_deep")
      return body.toString("utf8")
    },
    isGone: () => request.socket.destroyed,
  }
}

/** Pages of fewer bytes are sent uncompressed, because they fit into the first packets. */
const WORTH_COMPRESSING = 8 * 1024
/** Pages up to this size are compressed in this thread, at a third of the cost in another. */
const COMPRESSED_AT_ONCE = 512 * 1024
const GZIP = { level: constants.Z_BEST_SPEED }
// A smaller result than gzip's in two thirds of the time. Browsers take it over HTTPS.
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 16 },
}
const gzipInThread = promisify(gzip)
const brotliInThread = promisify(brotliCompress)

function compress(body: string, coding: "br" | "gzip") {
  const isShort = body.length <= COMPRESSED_AT_ONCE
  if (coding === "br") {
    return isShort ? brotliCompressSync(body, BROTLI) : brotliInThread(body, BROTLI)
  }
  return isShort ? gzipSync(body, GZIP) : gzipInThread(body, GZIP)
}

export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
) {
  response.statusCode = status
  response.setHeader("X-Robots-Tag", "noindex, nofollow")
  // Each cookie is a separate header; any other header replaces the default of all answers.
  for (const [name, value] of headers) {
    if (name === "Set-Cookie") response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
  if (body !== null && typeof body !== "string") return sendParts(response, body)
  if (body !== null && body.length > WORTH_COMPRESSING) {
    response.appendHeader("Vary", "Accept-Encoding")
    const coding = (["br", "gzip"] as const).find((each) => acceptsEncoding(request, each))
    if (coding) {
      const bytes = await compress(body, coding)
      response.setHeader("Content-Encoding", coding)
      response.setHeader("Content-Length", bytes.length)
      return endAnswer(request, response, bytes)
    }
  }
  if (!response.hasHeader("content-length")) {
    response.setHeader("Content-Length", Buffer.byteLength(body ?? ""))
  }
  endAnswer(request, response, body ?? "")
}

/** Sends each chunk when the client has the previous ones, and stops when it has disconnected. */
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
