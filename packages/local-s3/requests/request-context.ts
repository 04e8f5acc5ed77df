import type { IncomingMessage, ServerResponse } from "node:http"
import type { Authentication } from "../access/authenticate.ts"
import type { Headers } from "../access/sigv4.ts"
import type { DiskReserve } from "../body/disk-reserve.ts"
import type { Drafts } from "../body/drafts.ts"
import type { Store } from "../disk/store.ts"
import { invalidArgument, S3Error } from "../s3-error.ts"
import { percentDecode, queryValue, type Target } from "./uri.ts"

/** An authenticated request with its response, as the operations get it. */
export type RequestContext = Resource & {
  request: IncomingMessage
  response: ServerResponse
  method: string
  target: Target
  headers: Headers
  store: Store
  drafts: Drafts
  /** The disk reserve within which every write of an upload runs. */
  reserve: DiskReserve
  region: string
  now: () => Date
  authentication: Authentication
  /** Answers `Expect: 100-continue`. Called just before the body is read. */
  sendContinue: () => void
}

/** The target of a request: the service (no bucket), a bucket (no key) or an object. */
export type Resource = { bucketName: string; key: string }

/** The id of the single owner of everything, in listings and in x-amz-expected-bucket-owner. */
export const OWNER_ID = "local"

const MAX_KEY_BYTES = 1024

/** Parses bucket and key of a path-style request. A key keeps its slashes and dots. */
export function parseResource(path: string): Resource {
  const slash = path.indexOf("/", 1)
  const bucketName = percentDecode(slash === -1 ? path.slice(1) : path.slice(1, slash))
  const key = slash === -1 ? "" : percentDecode(path.slice(slash + 1))
  return { bucketName, key }
}

/** Returns the key. Refuses one that S3 does not accept. */
export function requireValidKey(key: string) {
  const size = Buffer.byteLength(key)
  if (size > MAX_KEY_BYTES)
    throw new S3Error("KeyTooLongError", undefined, { Size: size, MaxSizeAllowed: MAX_KEY_BYTES })
  if (key.includes("\0")) throw new S3Error("InvalidURI")
  return key
}

export function collectHeaders(request: IncomingMessage): Headers {
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

/** Returns a header's value. A presigned query may have `x-amz-*` headers as parameters instead. */
export function headerValue(context: RequestContext, name: string) {
  const sent = context.headers.get(name)
  if (sent) return sent.join(",")
  if (!context.authentication.presigned || !name.startsWith("x-amz-")) return undefined
  return context.target.query.find(([candidate]) => candidate.toLowerCase() === name)?.[1]
}

/** The names of all headers, in lower case, with those that a presigned query carries. */
export function headerNames(context: RequestContext) {
  const names = new Set(context.headers.keys())
  if (context.authentication.presigned)
    for (const [name] of context.target.query) names.add(name.toLowerCase())
  return names
}

export function parameter(context: RequestContext, name: string) {
  return queryValue(context.target.query, name)
}

/** Returns the requested page size of a listing. Like S3, it lowers a larger one to `max`. */
export function pageSize(context: RequestContext, name: string, max = 1000) {
  const text = parameter(context, name)
  if (text === undefined || text === "") return max
  if (!/^\d{1,10}$/.test(text) || Number(text) > 2_147_483_647)
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text)
  return Math.min(Number(text), max)
}

const MAX_PART_NUMBER = 10_000

/** Parses a part number. Refuses one that S3 does not have. */
export function parsePartNumber(text: string) {
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number >= 1 && number <= MAX_PART_NUMBER) return number
  const message = "Part number must be an integer between 1 and 10000, inclusive"
  throw invalidArgument(message, "partNumber", text)
}
