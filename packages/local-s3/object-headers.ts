import type { StoredObject } from "./disk/store.ts"
import { headerNames, headerValue, type RequestContext } from "./request-context.ts"
import { S3Error } from "./s3-error.ts"

/** An upload sets them, a `response-…` parameter of a GET overrides them. */
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

/** Headers that ask for what this store does not do: it refuses them and never ignores them. */
const UNSUPPORTED =
  /^x-amz-(tagging$|tagging-directive$|website-redirect-location$|object-lock-|server-side-encryption|copy-source-server-side-encryption|grant-|write-offset-bytes$|copy-source-version)/

/** The headers and metadata that an upload gives its object. */
export function readObjectHeaders(context: RequestContext) {
  refuseUnsupportedHeaders(context)
  const headers: Record<string, string> = {}
  for (const name of STORED_HEADERS) {
    const value = context.headers.get(name)?.join(", ")
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

  return { headers, metadata: readMetadata(context) }
}

function readMetadata(context: RequestContext) {
  const metadata: Record<string, string> = {}
  let bytes = 0
  for (const name of headerNames(context)) {
    if (!name.startsWith(METADATA_PREFIX)) continue
    const value = headerValue(context, name) ?? ""
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

export function refuseUnsupportedHeaders(context: RequestContext) {
  const unsupported = [...headerNames(context)].find((name) => UNSUPPORTED.test(name))
  if (unsupported) throw new S3Error("NotImplemented", undefined, { Header: unsupported })
  const acl = headerValue(context, "x-amz-acl")
  if (acl !== undefined && acl !== "private" && acl !== "bucket-owner-full-control")
    throw new S3Error("NotImplemented", undefined, { Header: "x-amz-acl" })
  const storageClass = headerValue(context, "x-amz-storage-class")
  if (storageClass !== undefined && !/^(STANDARD|REDUCED_REDUNDANCY)$/.test(storageClass))
    throw new S3Error("InvalidStorageClass", undefined, { StorageClassRequested: storageClass })
}

/**
 * Sets the headers of a GET or HEAD. Overrides come from the query, which is always signed here.
 * An uploaded file must not run as a page of this origin: browsers do not sniff its type, and run
 * what they display in a sandbox.
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
