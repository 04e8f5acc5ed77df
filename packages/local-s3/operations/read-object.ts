import { createReadStream } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { pipeline } from "node:stream/promises"
import { checksumHeader } from "../checksums.ts"
import { isNotModified, isRangeStillGood } from "../conditions.ts"
import { blobPath, withBlob } from "../disk/blobs.ts"
import { requireBucket } from "../disk/buckets.ts"
import type { StoredObject } from "../disk/objects.ts"
import type { Store } from "../disk/store.ts"
import { type Exchange, headerValue, parameter } from "../exchange.ts"
import { setObjectHeaders } from "../object-headers.ts"
import { type ByteRange, parseRange } from "../range.ts"
import { S3Error } from "../s3-error.ts"

const READ_BYTES = 512 * 1024

export function requireObject(store: Store, bucketName: string, key: string) {
  const object = requireBucket(store, bucketName).objects.get(key)
  if (!object) throw new S3Error("NoSuchKey", undefined, { Key: key })
  return object
}

/** GetObject and HeadObject. */
export async function readObject(exchange: Exchange) {
  const { response, store } = exchange
  const object = requireObject(store, exchange.bucketName, exchange.key)
  const notModified = isNotModified(exchange, object)
  setObjectHeaders(exchange, object)
  if (notModified) {
    response.statusCode = 304
    for (const name of ["Content-Type", "Content-Encoding"]) response.removeHeader(name)
    response.end()
    return
  }

  const range = requestedRange(exchange, object)
  if (!range && headerValue(exchange, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED")
    showChecksum(exchange, object)
  const { first, last } = range ?? { first: 0, last: object.size - 1 }
  response.statusCode = range ? 206 : 200
  if (range) response.setHeader("Content-Range", `bytes ${first}-${last}/${object.size}`)
  response.setHeader("Content-Length", last - first + 1)
  const { blob } = object
  if (exchange.method === "HEAD" || blob === null || last < first) {
    response.end()
    return
  }
  await withBlob(store.blobs, blob, () => sendBytes(exchange, object, blob, { first, last }))
}

function requestedRange(exchange: Exchange, object: StoredObject): ByteRange | null {
  const header = exchange.headers.get("range")?.join(",")
  const partNumber = parameter(exchange, "partNumber")
  if (partNumber !== undefined) {
    if (header !== undefined)
      throw new S3Error(
        "InvalidRequest",
        "Cannot specify both Range header and partNumber query parameter",
      )
    return partRange(exchange, object, partNumber)
  }
  if (!isRangeStillGood(exchange, object)) return null
  try {
    return parseRange(header, object.size)
  } catch (error) {
    exchange.response.setHeader("Content-Range", `bytes */${object.size}`)
    throw error
  }
}

function partRange(exchange: Exchange, object: StoredObject, partNumber: string): ByteRange | null {
  const number = Number(partNumber)
  if (!/^\d{1,5}$/.test(partNumber) || number < 1 || number > 10_000)
    throw new S3Error(
      "InvalidArgument",
      "Part number must be an integer between 1 and 10000, inclusive",
      { ArgumentName: "partNumber", ArgumentValue: partNumber },
    )
  const parts = object.parts ?? [{ size: object.size }]
  const part = parts[number - 1]
  if (!part)
    throw new S3Error("InvalidPartNumber", undefined, {
      PartNumberRequested: number,
      ActualPartCount: parts.length,
    })
  if (object.parts) exchange.response.setHeader("x-amz-mp-parts-count", parts.length)
  if (object.size === 0) return null
  const first = parts.slice(0, number - 1).reduce((sum, { size }) => sum + size, 0)
  return { first, last: first + part.size - 1 }
}

function showChecksum({ response }: Exchange, { checksum }: StoredObject) {
  if (!checksum) return
  response.setHeader(checksumHeader(checksum.algorithm), checksum.value)
  response.setHeader("x-amz-checksum-type", checksum.type ?? "FULL_OBJECT")
}

/** The files, and where in them, that hold a range of an object. */
export function pieces(store: Store, object: StoredObject, blob: string, range: ByteRange) {
  if (!object.parts) return [{ path: blobPath(store.blobs, blob), ...range }]
  const found: { path: string; first: number; last: number }[] = []
  let start = 0
  for (const [index, { size }] of object.parts.entries()) {
    const first = Math.max(range.first - start, 0)
    const last = Math.min(range.last - start, size - 1)
    if (first <= last) found.push({ path: blobPath(store.blobs, blob, index + 1), first, last })
    start += size
  }
  return found
}

async function sendBytes(
  { store, response }: Exchange,
  object: StoredObject,
  blob: string,
  range: ByteRange,
) {
  const files = pieces(store, object, blob, range)
  // Opened before the status is sent: a file that cannot be read is a 500, not a broken 200.
  const handle = await open(files[0]?.path ?? "", "r")
  try {
    await pipeline(readPieces(handle, files), response)
  } finally {
    await handle.close()
  }
}

async function* readPieces(handle: FileHandle, files: ReturnType<typeof pieces>) {
  for (const [index, { path, first, last }] of files.entries()) {
    const window = { start: first, end: last, highWaterMark: READ_BYTES }
    yield* index === 0 ? handle.createReadStream(window) : createReadStream(path, window)
  }
}
