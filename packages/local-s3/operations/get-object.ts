import { createReadStream } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import type { ServerResponse } from "node:http"
import { requireReadable } from "../access/access-rule.ts"
import { checksumHeader } from "../body/checksums.ts"
import { blobPath, withBlob } from "../disk/blobs.ts"
import type { Store, StoredObject } from "../disk/store.ts"
import { ifRangeHolds, isNotModified } from "../requests/conditional-requests.ts"
import { setObjectHeaders } from "../requests/object-headers.ts"
import { type ByteRange, parseRange } from "../requests/range.ts"
import {
  headerValue,
  parameter,
  parsePartNumber,
  type RequestContext,
} from "../requests/request-context.ts"
import { S3Error } from "../s3-error.ts"

const READ_BYTES = 512 * 1024

/** Answers GetObject and HeadObject. */
export async function getObject(context: RequestContext) {
  const { response, store } = context
  const object = requireReadable(context)
  const notModified = isNotModified(context, object)
  setObjectHeaders(context, object)
  if (notModified) {
    response.statusCode = 304
    for (const name of ["Content-Type", "Content-Encoding"]) response.removeHeader(name)
    response.end()
    return
  }

  const range = requestedRange(context, object)
  if (headerValue(context, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED")
    showChecksum(context, object, range)
  const { first, last } = range ?? { first: 0, last: object.size - 1 }
  response.statusCode = range ? 206 : 200
  if (range) response.setHeader("Content-Range", `bytes ${first}-${last}/${object.size}`)
  response.setHeader("Content-Length", last - first + 1)
  const { blob } = object
  if (context.method === "HEAD" || blob === null || last < first) {
    response.end()
    return
  }
  await withBlob(store.blobs, blob, () => sendBytes(context, object, blob, { first, last }))
}

function requestedRange(context: RequestContext, object: StoredObject): ByteRange | null {
  const header = context.headers.get("range")?.join(",")
  const partNumber = parameter(context, "partNumber")
  if (partNumber !== undefined) {
    if (header !== undefined)
      throw new S3Error(
        "InvalidRequest",
        "Cannot specify both Range header and partNumber query parameter",
      )
    return partRange(context, object, partNumber)
  }
  if (!ifRangeHolds(context, object)) return null
  try {
    return parseRange(header, object.size)
  } catch (error) {
    context.response.setHeader("Content-Range", `bytes */${object.size}`)
    throw error
  }
}

function partRange(
  context: RequestContext,
  object: StoredObject,
  partNumber: string,
): ByteRange | null {
  const number = parsePartNumber(partNumber)
  const parts = object.parts ?? [{ size: object.size }]
  const part = parts[number - 1]
  if (!part)
    throw new S3Error("InvalidPartNumber", undefined, {
      PartNumberRequested: number,
      ActualPartCount: parts.length,
    })
  if (object.parts) context.response.setHeader("x-amz-mp-parts-count", parts.length)
  if (object.size === 0) return null
  const first = parts.slice(0, number - 1).reduce((sum, { size }) => sum + size, 0)
  return { first, last: first + part.size - 1 }
}

/** Adds the checksum of the sent bytes: of the object, or of the part requested by number. */
function showChecksum(context: RequestContext, object: StoredObject, range: ByteRange | null) {
  const { response } = context
  const partNumber = parameter(context, "partNumber")
  if (range && partNumber === undefined) return
  const part = partNumber === undefined ? undefined : object.parts?.[Number(partNumber) - 1]
  const shown = part ? part.checksum : object.checksum
  const checksum = shown && { ...shown, type: object.checksum?.type }
  if (!checksum) return
  response.setHeader(checksumHeader(checksum.algorithm), checksum.value)
  response.setHeader("x-amz-checksum-type", checksum.type ?? "FULL_OBJECT")
}

/** Returns the files, with the range within each, that contain a range of an object. */
export function storedRanges(store: Store, object: StoredObject, blob: string, range: ByteRange) {
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
  { store, response }: RequestContext,
  object: StoredObject,
  blob: string,
  range: ByteRange,
) {
  const files = storedRanges(store, object, blob, range)
  // Opens a file before the status is sent: an unreadable file must cause a 500, not a broken 200.
  const handle = await open(files[0]?.path ?? "", "r")
  try {
    await sendChunks(readRanges(handle, files), response)
  } finally {
    await handle.close()
  }
}

/** Sends chunks as fast as the client takes them. Throws if the client leaves. */
async function sendChunks(chunks: AsyncIterable<Buffer>, response: ServerResponse) {
  for await (const chunk of chunks) {
    requireClient(response)
    if (!response.write(chunk)) await untilDrained(response)
  }
  requireClient(response)
  response.end()
}

/** Throws if the client has left: a write would be an error event, which ends the process. */
function requireClient(response: ServerResponse) {
  if (response.destroyed) throw new Error("The client left before the end of the answer.")
}

function untilDrained(response: ServerResponse) {
  return new Promise<void>((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done)
      resolve()
    }
    response.on("drain", done).on("close", done)
  })
}

async function* readRanges(handle: FileHandle, files: ReturnType<typeof storedRanges>) {
  for (const [index, { path, first, last }] of files.entries()) {
    const window = { start: first, end: last, highWaterMark: READ_BYTES }
    yield* index === 0 ? handle.createReadStream(window) : createReadStream(path, window)
  }
}
