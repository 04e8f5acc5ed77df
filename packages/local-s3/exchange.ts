import { randomBytes } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Proof } from "./authenticate.ts"
import type { Store } from "./disk/store.ts"
import { S3Error } from "./s3-error.ts"
import type { Headers } from "./sigv4.ts"
import { decode, queryValue, type Target } from "./uri.ts"
import { document, type Element, errorDocument } from "./xml.ts"

/** One request and its answer, as the operations see it. */
export type Exchange = {
  request: IncomingMessage
  response: ServerResponse
  method: string
  target: Target
  headers: Headers
  bucketName: string
  key: string
  store: Store
  region: string
  now: () => Date
  proof: Proof
  /** Lets a client that sent `Expect: 100-continue` go on; called just before its body is read. */
  askForBody: () => void
}

const MAX_KEY_BYTES = 1024

/** Bucket and key of a path-style request. A key keeps its slashes and dots as they are. */
export function addressOf(path: string) {
  const slash = path.indexOf("/", 1)
  const bucketName = decode(slash === -1 ? path.slice(1) : path.slice(1, slash))
  const key = slash === -1 ? "" : decode(path.slice(slash + 1))
  return { bucketName, key }
}

/** The key, if S3 would take it. */
export function requireLegalKey(key: string) {
  const size = Buffer.byteLength(key)
  if (size > MAX_KEY_BYTES)
    throw new S3Error("KeyTooLongError", undefined, { Size: size, MaxSizeAllowed: MAX_KEY_BYTES })
  if (key.includes("\0")) throw new S3Error("InvalidURI")
  return key
}

export function headersOf(request: IncomingMessage): Headers {
  const headers = new Map<string, string[]>()
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]?.toLowerCase() ?? ""
    const value = request.rawHeaders[i + 1] ?? ""
    const values = headers.get(name)
    if (values) values.push(value)
    else headers.set(name, [value])
  }
  return headers
}

/** A header's value; a signed query may carry `x-amz-*` headers as parameters instead. */
export function headerValue(exchange: Exchange, name: string) {
  const sent = exchange.headers.get(name)
  if (sent) return sent.join(",")
  if (!exchange.proof.presigned || !name.startsWith("x-amz-")) return undefined
  return exchange.target.query.find(([candidate]) => candidate.toLowerCase() === name)?.[1]
}

export function parameter(exchange: Exchange, name: string) {
  return queryValue(exchange.target.query, name)
}

/** A whole number parameter within bounds; above the bound it is clamped, as S3 does for page sizes. */
export function pageSize(exchange: Exchange, name: string, most = 1000) {
  const text = parameter(exchange, name)
  if (text === undefined || text === "") return most
  if (!/^\d{1,10}$/.test(text) || Number(text) > 2_147_483_647)
    throw new S3Error(
      "InvalidArgument",
      `Provided ${name} not an integer or within integer range`,
      {
        ArgumentName: name,
        ArgumentValue: text,
      },
    )
  return Math.min(Number(text), most)
}

export function newRequestId() {
  return randomBytes(8).toString("hex").toUpperCase()
}

export function sendEmpty({ response }: Exchange, status: number) {
  response.statusCode = status
  if (status !== 204) response.setHeader("Content-Length", 0)
  response.end()
}

export function sendXml({ response }: Exchange, root: Element) {
  const body = document(root)
  response.statusCode = 200
  response.setHeader("Content-Type", "application/xml")
  response.setHeader("Content-Length", Buffer.byteLength(body))
  response.end(body)
}

export type Failed = { method: string; path: string; requestId: string; response: ServerResponse }

/** Answers with S3's error XML. An answer that has already begun can only be broken off. */
export function sendError(
  { method, path, requestId, response }: Failed,
  error: S3Error,
  ending: "end" | "keep open" = "end",
) {
  if (response.headersSent) {
    response.destroy()
    return
  }
  for (const name of response.getHeaderNames())
    if (OF_OBJECTS.test(name)) response.removeHeader(name)
  const details = Object.entries(error.details).map(([name, value]): Element => [name, value])
  const body = errorDocument([
    ["Code", error.code],
    ["Message", error.message],
    ...details,
    ["Resource", path],
    ["RequestId", requestId],
    ["HostId", requestId],
  ])
  response.statusCode = error.status
  response.setHeader("Content-Type", "application/xml")
  if (method !== "HEAD") {
    response.setHeader("Content-Length", Buffer.byteLength(body))
    response.write(body)
  }
  if (ending === "end") response.end()
}

const OF_OBJECTS =
  /^(etag|last-modified|accept-ranges|cache-control|content-(disposition|encoding|language)|expires|x-amz-(meta|mp|checksum)-.*)$/
