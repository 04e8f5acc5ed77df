import { requireBucket } from "../disk/buckets.ts"
import type { StoredObject } from "../disk/objects.ts"
import { type Exchange, pageSize, parameter, sendXml } from "../exchange.ts"
import { keyEncoding, type Page, pageOf, prefixElements } from "../listing.ts"
import { S3Error } from "../s3-error.ts"
import type { Element } from "../xml.ts"
import { OWNER } from "./buckets.ts"

/** ListObjects and ListObjectsV2. */
export async function listObjects(exchange: Exchange) {
  const version = parameter(exchange, "list-type")
  if (version === undefined) return listV1(exchange)
  if (version !== "2")
    throw new S3Error("InvalidArgument", "Invalid List Type specified in Request", {
      ArgumentName: "list-type",
      ArgumentValue: version,
    })
  return listV2(exchange)
}

async function listV1(exchange: Exchange) {
  const marker = parameter(exchange, "marker") ?? ""
  const { page, encode, before, after } = list(exchange, marker)
  const next: Element[] =
    page.isTruncated && parameter(exchange, "delimiter") ? [["NextMarker", encode(page.last)]] : []
  sendXml(exchange, [
    "ListBucketResult",
    [
      ...before,
      ["Marker", encode(marker)],
      ...next,
      ...after,
      ...contents(page, encode, [OWNER]),
      ...prefixElements(page.commonPrefixes, encode),
    ],
  ])
}

async function listV2(exchange: Exchange) {
  const token = parameter(exchange, "continuation-token")
  const startAfter = parameter(exchange, "start-after")
  const { page, encode, before, after } = list(
    exchange,
    token === undefined ? (startAfter ?? "") : readToken(token),
  )
  const owner = parameter(exchange, "fetch-owner") === "true" ? [OWNER] : []
  sendXml(exchange, [
    "ListBucketResult",
    [
      ...before,
      ["KeyCount", page.entries.length + page.commonPrefixes.length],
      ...optional("ContinuationToken", token),
      ...optional("NextContinuationToken", page.isTruncated ? makeToken(page.last) : undefined),
      ...optional("StartAfter", startAfter === undefined ? undefined : encode(startAfter)),
      ...after,
      ...contents(page, encode, owner),
      ...prefixElements(page.commonPrefixes, encode),
    ],
  ])
}

function list(exchange: Exchange, start: string) {
  const { objects, name } = requireBucket(exchange.store, exchange.bucketName)
  const prefix = parameter(exchange, "prefix") ?? ""
  const delimiter = parameter(exchange, "delimiter") ?? ""
  const limit = pageSize(exchange, "max-keys")
  const { encode, element } = keyEncoding(exchange)
  const page = pageOf(objects, { prefix, delimiter, after: start, limit })
  const before: Element[] = [
    ["Name", name],
    ["Prefix", encode(prefix)],
  ]
  const after: Element[] = [
    ["MaxKeys", limit],
    ...optional("Delimiter", delimiter === "" ? undefined : encode(delimiter)),
    ["IsTruncated", page.isTruncated],
    ...element,
  ]
  return { page, encode, before, after }
}

function contents(page: Page<StoredObject>, encode: (key: string) => string, owner: Element[]) {
  return page.entries.map(
    ([key, { lastModified, etag, size, checksum }]): Element => [
      "Contents",
      [
        ["Key", encode(key)],
        ["LastModified", new Date(lastModified).toISOString()],
        ["ETag", `"${etag}"`],
        ...optional("ChecksumAlgorithm", checksum?.algorithm),
        ...optional("ChecksumType", checksum && (checksum.type ?? "FULL_OBJECT")),
        ["Size", size],
        ["StorageClass", "STANDARD"],
        ...owner,
      ],
    ],
  )
}

function optional(name: string, value: string | undefined): Element[] {
  return value === undefined ? [] : [[name, value]]
}

function makeToken(last: string) {
  return Buffer.from(last).toString("base64url")
}

function readToken(token: string) {
  const last = Buffer.from(token, "base64url").toString()
  if (last !== "" && makeToken(last) === token) return last
  throw new S3Error("InvalidArgument", "The continuation token provided is incorrect", {
    ArgumentName: "continuation-token",
  })
}
