import type { StoredObject } from "./disk/objects.ts"
import { type Exchange, headerValue } from "./exchange.ts"
import { S3Error } from "./s3-error.ts"

const KEPT = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
]
const OVERRIDES = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
]
const METADATA_PREFIX = "x-amz-meta-"
const MAX_METADATA_BYTES = 2048

/** Headers that ask for something this store does not do: better refused than silently dropped. */
const UNSUPPORTED =
  /^x-amz-(tagging$|tagging-directive$|website-redirect-location$|object-lock-|server-side-encryption|copy-source-server-side-encryption|grant-|write-offset-bytes$|copy-source-version)/

/** What an upload says about its object. */
export function describedObject(exchange: Exchange) {
  refuseUnsupported(exchange)
  const headers: Record<string, string> = {}
  for (const name of KEPT) {
    const value = exchange.headers.get(name)?.join(", ")
    if (value !== undefined) headers[name] = value
  }
  const encoding = headers["content-encoding"]
    ?.split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "aws-chunked")
    .join(",")
  if (encoding) headers["content-encoding"] = encoding
  else delete headers["content-encoding"]
  headers["content-type"] ??= "binary/octet-stream"

  return { headers, metadata: metadataOf(exchange) }
}

function metadataOf(exchange: Exchange) {
  const metadata: Record<string, string> = {}
  const names = new Set(exchange.headers.keys())
  if (exchange.proof.presigned)
    for (const [name] of exchange.target.query) names.add(name.toLowerCase())
  let bytes = 0
  for (const name of names) {
    if (!name.startsWith(METADATA_PREFIX)) continue
    const value = headerValue(exchange, name) ?? ""
    const short = name.slice(METADATA_PREFIX.length)
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(short)) throw new S3Error("InvalidArgument")
    requireHeaderText(name, value)
    metadata[short] = value
    bytes += short.length + value.length
  }
  if (bytes > MAX_METADATA_BYTES)
    throw new S3Error("MetadataTooLarge", undefined, {
      Size: bytes,
      MaxSizeAllowed: MAX_METADATA_BYTES,
    })
  return metadata
}

export function refuseUnsupported(exchange: Exchange) {
  const names = [...exchange.headers.keys()]
  if (exchange.proof.presigned)
    names.push(...exchange.target.query.map(([name]) => name.toLowerCase()))
  const unsupported = names.find((name) => UNSUPPORTED.test(name))
  if (unsupported) throw new S3Error("NotImplemented", undefined, { Header: unsupported })
  const acl = headerValue(exchange, "x-amz-acl")
  if (acl !== undefined && acl !== "private" && acl !== "bucket-owner-full-control")
    throw new S3Error("NotImplemented", undefined, { Header: "x-amz-acl" })
  const storageClass = headerValue(exchange, "x-amz-storage-class")
  if (storageClass !== undefined && !/^(STANDARD|REDUCED_REDUNDANCY)$/.test(storageClass))
    throw new S3Error("InvalidStorageClass", undefined, { StorageClassRequested: storageClass })
}

/**
 * The headers of a GET or HEAD of this object. Overrides are taken from the query, which is always
 * signed here. A stranger's file must not run as a page of this origin: it is never sniffed, and
 * sandboxed where a browser would show it.
 */
export function setObjectHeaders(exchange: Exchange, object: StoredObject) {
  const { response } = exchange
  const headers = { ...object.headers }
  for (const name of OVERRIDES) {
    const value = exchange.target.query.find(([key]) => key === `response-${name}`)?.[1]
    if (value === undefined) continue
    requireHeaderText(`response-${name}`, value)
    headers[name] = value
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  for (const [name, value] of Object.entries(object.metadata))
    response.setHeader(`${METADATA_PREFIX}${name}`, value)
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
  throw new S3Error("InvalidArgument", "Header value cannot be represented using ISO-8859-1.", {
    ArgumentName: name,
    ArgumentValue: value,
  })
}
