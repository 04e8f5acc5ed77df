import type { StoredObject } from "../disk/store.ts"
import { invalidArgument, S3Error } from "../s3-error.ts"
import { parseTaggingHeader, type Tag } from "./object-tags.ts"
import { headerNames, headerValue, OWNER_ID, type RequestContext } from "./request-context.ts"
import { queryValue } from "./uri.ts"

/** Headers that an upload sets and that a GET can override by a `response-…` parameter. */
const STORED_HEADERS = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
]
const METADATA_PREFIX = "x-amz-meta-"
const MAX_METADATA_BYTES = 2048

/** Headers for features that this store does not have. It refuses them. */
const UNSUPPORTED =
  /^x-amz-(website-redirect-location$|object-lock-|server-side-encryption|copy-source-server-side-encryption|grant-|write-offset-bytes$|copy-source-version|if-match-|mfa$|rename-source)/

/** The values of headers that request only this store's normal behaviour. */
const SUPPORTED_VALUES = [
  ["x-amz-acl", /^(private|bucket-owner-full-control)$/],
  ["x-amz-bucket-object-lock-enabled", /^false$/i],
  ["x-amz-object-ownership", /^BucketOwnerEnforced$/],
] as const

export function readObjectHeaders(context: RequestContext) {
  const headers: Record<string, string> = {}
  for (const name of STORED_HEADERS) {
    const value = context.headers.get(name)?.join(", ")
    if (value !== undefined) headers[name] = value
  }
  const encoding = headers["content-encoding"]
    ?.split(",")
    .filter((part) => part.trim() !== "aws-chunked")
    .join(",")
    .trim()
  if (encoding) headers["content-encoding"] = encoding
  else delete headers["content-encoding"]
  headers["content-type"] ??= "binary/octet-stream"

  return { headers, metadata: readMetadata(context) }
}

function readMetadata(context: RequestContext) {
  const metadata: [name: string, value: string][] = []
  let bytes = 0
  for (const name of headerNames(context)) {
    if (!name.startsWith(METADATA_PREFIX)) continue
    const value = headerValue(context, name) ?? ""
    const short = name.slice(METADATA_PREFIX.length)
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(short)) throw new S3Error("InvalidArgument")
    requireHeaderText(name, value)
    metadata.push([short, value])
    bytes += short.length + value.length
  }
  if (bytes > MAX_METADATA_BYTES)
    throw new S3Error("MetadataTooLarge", undefined, {
      Size: bytes,
      MaxSizeAllowed: MAX_METADATA_BYTES,
    })
  return Object.fromEntries(metadata) // keeps an entry named __proto__ as a property
}

export function readTags(context: RequestContext): { tags?: Tag[] } {
  const tags = parseTaggingHeader(headerValue(context, "x-amz-tagging") ?? "")
  return tags.length > 0 ? { tags } : {}
}

/** Refuses a request for a feature that this store does not have, whatever its operation. */
export function requireSupportedHeaders(context: RequestContext) {
  const unsupported = [...headerNames(context)].find((name) => UNSUPPORTED.test(name))
  if (unsupported) throw new S3Error("NotImplemented", undefined, { Header: unsupported })
  for (const [name, supported] of SUPPORTED_VALUES) {
    const value = headerValue(context, name)
    if (value !== undefined && !supported.test(value))
      throw new S3Error("NotImplemented", undefined, { Header: name })
  }
  const tagging = ["x-amz-tagging", "x-amz-tagging-directive"].find(
    (name) => headerValue(context, name) !== undefined,
  )
  if (tagging && !takesTags(context))
    throw new S3Error("NotImplemented", undefined, { Header: tagging })
  const storageClass = headerValue(context, "x-amz-storage-class")
  if (storageClass !== undefined && storageClass !== "STANDARD")
    throw new S3Error("InvalidStorageClass", undefined, { StorageClassRequested: storageClass })
  for (const name of ["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"]) {
    const owner = headerValue(context, name)
    if (owner !== undefined && owner !== OWNER_ID) throw new S3Error("AccessDenied")
  }
}

/** Whether a request sets tags. Only those that create an object or an upload do. */
function takesTags({ method, key, target }: RequestContext) {
  if (key === "") return false
  if (method === "POST") return queryValue(target.query, "uploads") !== undefined
  return method === "PUT" && queryValue(target.query, "uploadId") === undefined
}

/**
 * Sets the headers of a GET or HEAD. Overrides come from the query, which is always signed here.
 * Browsers must not guess a file's type and must sandbox what they display, because an uploaded
 * file must not run as a page of this origin.
 */
export function setObjectHeaders(context: RequestContext, object: StoredObject) {
  const { response } = context
  const headers = { ...object.headers }
  for (const name of STORED_HEADERS) {
    const value = context.target.query.find(([key]) => key === `response-${name}`)?.[1]
    if (value === undefined) continue
    requireHeaderText(`response-${name}`, value)
    headers[name] = value
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  for (const [name, value] of Object.entries(object.metadata))
    response.setHeader(`${METADATA_PREFIX}${name}`, value)
  if (object.tags?.length) response.setHeader("x-amz-tagging-count", object.tags.length)
  response.setHeader("ETag", `"${object.etag}"`)
  response.setHeader("Last-Modified", new Date(object.lastModified).toUTCString())
  response.setHeader("Accept-Ranges", "bytes")
  response.setHeader("X-Content-Type-Options", "nosniff")
  response.setHeader(
    "Content-Security-Policy",
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; sandbox",
  )
}

function requireHeaderText(name: string, value: string) {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return
  throw invalidArgument("Header value cannot be represented using ISO-8859-1.", name, value)
}
