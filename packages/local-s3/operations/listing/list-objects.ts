import { requireBucket, type StoredObject } from "../../disk/store.ts"
import { pageSize, parameter, type RequestContext } from "../../requests/request-context.ts"
import type { Element } from "../../requests/xml.ts"
import { sendXml } from "../../respond.ts"
import { invalidArgument, S3Error } from "../../s3-error.ts"
import { commonPrefixElements, OWNER, optional } from "../xml-elements.ts"
import { keyEncoding, type Page, pageOf } from "./key-page.ts"

/** Answers ListObjects and ListObjectsV2. */
export async function listObjects(context: RequestContext) {
  const version = parameter(context, "list-type")
  if (version === undefined) return listV1(context)
  if (version !== "2")
    throw invalidArgument("Invalid List Type specified in Request", "list-type", version)
  return listV2(context)
}

async function listV1(context: RequestContext) {
  const marker = parameter(context, "marker") ?? ""
  const { page, encode, before, after } = list(context, marker)
  const next: Element[] =
    page.isTruncated && parameter(context, "delimiter") ? [["NextMarker", encode(page.last)]] : []
  sendXml(context, [
    "ListBucketResult",
    [
      ...before,
      ["Marker", encode(marker)],
      ...next,
      ...after,
      ...contents(page, encode, [OWNER]),
      ...commonPrefixElements(page.commonPrefixes, encode),
    ],
  ])
}

async function listV2(context: RequestContext) {
  const token = parameter(context, "continuation-token")
  const startAfter = parameter(context, "start-after")
  const { page, encode, before, after } = list(
    context,
    token === undefined ? (startAfter ?? "") : readToken(token),
  )
  const owner = parameter(context, "fetch-owner") === "true" ? [OWNER] : []
  sendXml(context, [
    "ListBucketResult",
    [
      ...before,
      ["KeyCount", page.entries.length + page.commonPrefixes.length],
      ...optional("ContinuationToken", token),
      ...optional("NextContinuationToken", page.isTruncated ? makeToken(page.last) : undefined),
      ...optional("StartAfter", startAfter === undefined ? undefined : encode(startAfter)),
      ...after,
      ...contents(page, encode, owner),
      ...commonPrefixElements(page.commonPrefixes, encode),
    ],
  ])
}

function list(context: RequestContext, start: string) {
  const { objects, name } = requireBucket(context.store, context.bucketName)
  const prefix = parameter(context, "prefix") ?? ""
  const delimiter = parameter(context, "delimiter") ?? ""
  const limit = pageSize(context, "max-keys")
  const { encode, element } = keyEncoding(context)
  const page = pageOf(objects, { prefix, delimiter, after: start, limit })
  const before: Element[] = [
    ["Name", name],
    ["Prefix", encode(prefix)],
  ]
  const after: Element[] = [
    ["MaxKeys", limit],
    ...optional("Delimiter", encode(delimiter) || undefined),
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
