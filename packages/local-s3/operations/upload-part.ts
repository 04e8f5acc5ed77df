import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { type Checksum, checksumHeader, createDigest } from "../body/checksums.ts"
import type { Room } from "../body/disk-reserve.ts"
import type { Draft } from "../body/drafts.ts"
import { expectedBody, receiveBody } from "../body/request-body.ts"
import { withBlob } from "../disk/blobs.ts"
import { type TemporaryFile, withTemporaryFile } from "../disk/files/temporary-file.ts"
import { addPart } from "../disk/multipart-uploads.ts"
import { requireNotDeleted, type Store, type StoredObject, type Upload } from "../disk/store.ts"
import { commitDeadline } from "../requests/conditional-requests.ts"
import { findCopySource, MAX_COPY_BYTES } from "../requests/copy-source.ts"
import { type ByteRange, parseCopyRange } from "../requests/range.ts"
import {
  headerValue,
  parameter,
  parsePartNumber,
  type RequestContext,
} from "../requests/request-context.ts"
import { sendEmpty, sendXml } from "../respond.ts"
import { S3Error } from "../s3-error.ts"
import { storedRanges } from "./get-object.ts"
import { requestedUpload } from "./multipart-upload.ts"
import { checksumElements } from "./xml-elements.ts"

/** Answers UploadPart, or UploadPartCopy if the request names a copy source. */
export async function uploadPart(context: RequestContext) {
  const number = parsePartNumber(parameter(context, "partNumber") ?? "")
  if (headerValue(context, "x-amz-copy-source") !== undefined) return copyPart(context, number)

  const { store, response } = context
  const { bucket, upload } = requestedUpload(context)
  requireNotDeleted(store, bucket, upload.key)
  const expected = expectedBody(context)
  const algorithm = upload.checksumAlgorithm
  if (algorithm && expected.checksum && expected.checksum.algorithm !== algorithm)
    throw new S3Error(
      "InvalidRequest",
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${expected.checksum.algorithm.toLowerCase()}`,
    )
  const receivePart = (draft: Draft, room: Room) =>
    withTemporaryFile(store.temporaries, room, async (temporary) => {
      const body = { draft, ownAlgorithm: algorithm }
      const { size, md5, checksum } = await receiveBody(context, expected, temporary.write, body)
      await temporary.finish()
      return addPart(store, bucket, upload, {
        number,
        size,
        md5,
        ...(checksum && { checksum }),
        now: context.now(),
        from: "temporary",
        path: temporary.path,
        requireInTime: commitDeadline(context).require,
      })
    })
  const slot = context.authentication.presigned ? `part ${upload.id}/${number}` : null
  const { md5, checksum } = await context.drafts.run(slot, (draft) =>
    context.reserve.write(expected.length, (room) => receivePart(draft, room)),
  )
  if (checksum) response.setHeader(checksumHeader(checksum.algorithm), checksum.value)
  response.setHeader("ETag", `"${md5}"`)
  sendEmpty(context, 200)
}

async function copyPart(context: RequestContext, number: number) {
  const { store } = context
  const { bucket, upload } = requestedUpload(context)
  requireNotDeleted(store, bucket, upload.key)
  const { object } = findCopySource(context)
  const header = headerValue(context, "x-amz-copy-source-range")
  const range = header ? parseCopyRange(header, object.size) : { first: 0, last: object.size - 1 }
  const size = range.last - range.first + 1
  if (size > MAX_COPY_BYTES)
    throw new S3Error(
      "InvalidRequest",
      `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY_BYTES}`,
    )

  const add = (from: "temporary" | "blob", path: string, md5: string, checksum?: Checksum) =>
    addPart(store, bucket, upload, {
      number,
      size,
      md5,
      ...(checksum && { checksum }),
      now: context.now(),
      from,
      path,
      requireInTime: commitDeadline(context).require,
    })
  const copyBytes = (blob: string) =>
    context.reserve.write(size, (room) =>
      withTemporaryFile(store.temporaries, room, async (temporary) => {
        const { md5, checksum } = await copyRange(store, object, blob, range, upload, temporary)
        return add("temporary", temporary.path, md5, checksum)
      }),
    )
  const copyFrom = (blob: string) => {
    const file = wholeFile(store, object, blob, range)
    const checksumFits = file?.checksum?.algorithm === upload.checksumAlgorithm
    if (!file || !checksumFits) return copyBytes(blob)
    return context.reserve.write(0, () => add("blob", file.path, file.md5, file.checksum))
  }
  const { blob } = object
  const part = blob ? await withBlob(store.blobs, blob, () => copyFrom(blob)) : await copyBytes("")
  sendXml(context, [
    "CopyPartResult",
    [
      ["LastModified", new Date(part.uploadedAt).toISOString()],
      ["ETag", `"${part.md5}"`],
      ...checksumElements(part.checksum),
    ],
  ])
}

/** Returns the stored file that is exactly this range, with its hashes, to link it. */
function wholeFile(store: Store, object: StoredObject, blob: string, range: ByteRange) {
  const [file, another] = storedRanges(store, object, blob, range)
  if (!file || another || file.first !== 0) return null
  if (!object.parts) {
    const isWhole = file.last === object.size - 1
    return isWhole ? { path: file.path, md5: object.etag, checksum: object.checksum } : null
  }
  let start = 0
  for (const { size, md5, checksum } of object.parts) {
    if (start === range.first)
      return size - 1 === file.last ? { path: file.path, md5, checksum } : null
    start += size
  }
  return null
}

async function copyRange(
  store: Store,
  object: StoredObject,
  blob: string,
  range: ByteRange,
  upload: Upload,
  temporary: TemporaryFile,
) {
  const md5 = createHash("md5")
  const algorithm = upload.checksumAlgorithm
  const digest = algorithm && createDigest(algorithm)
  for (const { path, first, last } of blob ? storedRanges(store, object, blob, range) : []) {
    const bytes: AsyncIterable<Buffer> = createReadStream(path, {
      start: first,
      end: last,
      highWaterMark: 1024 ** 2,
    })
    for await (const chunk of bytes) {
      const full = temporary.write(chunk)
      md5.update(chunk)
      digest?.update(chunk)
      if (full) await full
    }
  }
  await temporary.finish()
  const checksum = algorithm && digest ? { algorithm, value: digest.base64() } : undefined
  return { md5: md5.digest("hex"), checksum }
}
