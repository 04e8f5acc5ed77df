import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { announcedBody, receiveBody } from "../body.ts"
import { type Checksum, checksumHeader, createDigest } from "../checksums.ts"
import { copySource, MAX_COPY_BYTES } from "../copy-source.ts"
import { type Draft, openDraft, withBlob } from "../disk/blobs.ts"
import type { StoredObject } from "../disk/objects.ts"
import type { Store } from "../disk/store.ts"
import { addPart, type Upload } from "../disk/uploads.ts"
import { type Exchange, headerValue, parameter, sendEmpty, sendXml } from "../exchange.ts"
import { refuseUnsupported } from "../object-headers.ts"
import { type ByteRange, parseCopyRange } from "../range.ts"
import { S3Error } from "../s3-error.ts"
import { checksumElements, requestedUpload } from "./multipart-upload.ts"
import { pieces } from "./read-object.ts"

const MAX_PART_NUMBER = 10_000

function requestedPartNumber(exchange: Exchange) {
  const text = parameter(exchange, "partNumber") ?? ""
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number >= 1 && number <= MAX_PART_NUMBER) return number
  throw new S3Error(
    "InvalidArgument",
    "Part number must be an integer between 1 and 10000, inclusive",
    { ArgumentName: "partNumber", ArgumentValue: text },
  )
}

/** UploadPart, and UploadPartCopy if a copy source is named. */
export async function uploadPart(exchange: Exchange) {
  const number = requestedPartNumber(exchange)
  refuseUnsupported(exchange)
  if (headerValue(exchange, "x-amz-copy-source") !== undefined) return copyPart(exchange, number)

  const { store, response } = exchange
  const { bucket, upload } = requestedUpload(exchange)
  const announced = announcedBody(exchange)
  const algorithm = upload.checksumAlgorithm
  if (algorithm && announced.checksum && announced.checksum.algorithm !== algorithm)
    throw new S3Error(
      "InvalidRequest",
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${announced.checksum.algorithm.toLowerCase()}`,
    )
  const md5 = await withDraft(store, async (draft) => {
    const received = await receiveBody(exchange, announced, draft.write, algorithm)
    const { size, md5, checksum } = received
    await draft.finish()
    await addPart(store, bucket, upload, {
      number,
      size,
      md5,
      ...(checksum && { checksum }),
      now: exchange.now(),
      from: "draft",
      path: draft.path,
    })
    if (checksum) response.setHeader(checksumHeader(checksum.algorithm), checksum.value)
    return md5
  })
  response.setHeader("ETag", `"${md5}"`)
  sendEmpty(exchange, 200)
}

async function withDraft<Result>(store: Store, use: (draft: Draft) => Promise<Result>) {
  const draft = await openDraft(store.blobs)
  try {
    return await use(draft)
  } catch (error) {
    await draft.discard()
    throw error
  }
}

async function copyPart(exchange: Exchange, number: number) {
  const { store } = exchange
  const { bucket, upload } = requestedUpload(exchange)
  const { object } = copySource(exchange)
  const header = headerValue(exchange, "x-amz-copy-source-range")
  const range = header ? parseCopyRange(header, object.size) : { first: 0, last: object.size - 1 }
  const size = range.last - range.first + 1
  if (size > MAX_COPY_BYTES)
    throw new S3Error(
      "InvalidRequest",
      `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY_BYTES}`,
    )

  const add = (from: "draft" | "blob", path: string, md5: string, checksum?: Checksum) =>
    addPart(store, bucket, upload, {
      number,
      size,
      md5,
      ...(checksum && { checksum }),
      now: exchange.now(),
      from,
      path,
    })
  const copyBytes = (blob: string) =>
    withDraft(store, async (draft) => {
      const { md5, checksum } = await copyRange(store, object, blob, range, upload, draft)
      return add("draft", draft.path, md5, checksum)
    })
  const copyFrom = (blob: string) => {
    const file = wholeFile(store, object, blob, range)
    const checksumFits = file?.checksum?.algorithm === upload.checksumAlgorithm
    if (!file || !checksumFits) return copyBytes(blob)
    return add("blob", file.path, file.md5, file.checksum)
  }
  const { blob } = object
  const part = blob ? await withBlob(store.blobs, blob, () => copyFrom(blob)) : await copyBytes("")
  sendXml(exchange, [
    "CopyPartResult",
    [
      ["LastModified", new Date(part.uploadedAt).toISOString()],
      ["ETag", `"${part.md5}"`],
      ...checksumElements(part.checksum),
    ],
  ])
}

/** The stored file that is exactly this range, with its known hashes: it need only be linked. */
function wholeFile(store: Store, object: StoredObject, blob: string, range: ByteRange) {
  const [file, another] = pieces(store, object, blob, range)
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
  draft: Draft,
) {
  const md5 = createHash("md5")
  const algorithm = upload.checksumAlgorithm
  const digest = algorithm && createDigest(algorithm)
  for (const { path, first, last } of blob ? pieces(store, object, blob, range) : []) {
    const bytes: AsyncIterable<Buffer> = createReadStream(path, {
      start: first,
      end: last,
      highWaterMark: 1024 ** 2,
    })
    for await (const chunk of bytes) {
      const full = draft.write(chunk)
      md5.update(chunk)
      digest?.update(chunk)
      if (full) await full
    }
  }
  await draft.finish()
  const checksum = algorithm && digest ? { algorithm, value: digest.base64() } : undefined
  return { md5: md5.digest("hex"), checksum }
}
