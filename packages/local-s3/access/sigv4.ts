import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import type { Query, Target } from "../requests/uri.ts"
import { percentDecode, uriEncode } from "../requests/uri.ts"

// Signature Version 4 as S3 does it (single encoding, no path normalisation):
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html

export const ALGORITHM = "AWS4-HMAC-SHA256"
export const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/** Header values by lower-case name, as sent: one entry per header line, bytes as latin1. */
export type Headers = ReadonlyMap<string, readonly string[]>

/** The Credential without the access key id: a signing key is derived for it. */
export type Scope = { date: string; region: string; service: string }

type Signable = {
  method: string
  target: Target
  headers: Headers
  signedHeaders: readonly string[]
  payloadHash: string
}

export function canonicalRequest({
  method,
  target,
  headers,
  signedHeaders,
  payloadHash,
}: Signable) {
  const path = target.path
    .split("/")
    .map((segment) => uriEncode(percentDecode(segment)))
    .join("/")
  const lines = signedHeaders.map((name) => `${name}:${canonicalValue(headers.get(name))}\n`)
  return [
    method,
    path,
    canonicalQuery(target.query),
    lines.join(""),
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n")
}

function canonicalValue(values: readonly string[] = []) {
  return values.map((value) => value.trim().replace(/\s+/g, " ")).join(",")
}

function canonicalQuery(query: Query) {
  return query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&")
}

export function stringToSign(amzDate: string, scope: Scope, request: string) {
  return [ALGORITHM, amzDate, scopeText(scope), sha256Hex(request)].join("\n")
}

export function scopeText({ date, region, service }: Scope) {
  return `${date}/${region}/${service}/aws4_request`
}

export function signingKey(secret: string, { date, region, service }: Scope) {
  const first = createHmac("sha256", `AWS4${secret}`).update(date).digest()
  return [region, service, "aws4_request"].reduce(
    (key, part) => createHmac("sha256", key).update(part).digest(),
    first,
  )
}

export function signature(key: string | Buffer, text: string) {
  return createHmac("sha256", key).update(text, "latin1").digest("hex")
}

export function sha256Hex(text: string) {
  return createHash("sha256").update(text, "latin1").digest("hex")
}

/** Compares two hex signatures in constant time. */
export function isSameSignature(expected: string, provided: string) {
  const a = Buffer.from(expected, "latin1")
  const b = Buffer.from(provided, "latin1")
  return a.length === b.length && timingSafeEqual(a, b)
}

/** `20130524T000000Z` as milliseconds; null if it is not such a date. */
export function parseAmzDate(text: string) {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? null : time
}
