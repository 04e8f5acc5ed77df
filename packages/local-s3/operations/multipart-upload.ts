import { createHash } from "node:crypto"
import { announcedChecksum, receiveXml } from "../body.ts"
import {
  type Checksum,
  type ChecksumAlgorithm,
  type ChecksumType,
  checksumHeader,
  combineChecksums,
  hasFullObjectForm,
  isChecksumAlgorithm,
} from "../checksums.ts"
import { writeCondition } from "../conditions.ts"
import { requireBucket } from "../disk/buckets.ts"
import {
  abortUpload,
  completeUpload,
  createUpload,
  requireUpload,
  type Upload,
  type UploadPart,
} from "../disk/uploads.ts"
import {
  type Exchange,
  headerValue,
  parameter,
  requireLegalKey,
  sendEmpty,
  sendXml,
} from "../exchange.ts"
import { describedObject } from "../object-headers.ts"
import { S3Error } from "../s3-error.ts"
import { childText, type Element, type Node } from "../xml.ts"

const MIN_PART_BYTES = 5 * 1024 ** 2
const MAX_PARTS = 10_000
const MAX_OBJECT_BYTES = 5 * 1024 ** 4

/** CreateMultipartUpload. */
export async function startUpload(exchange: Exchange) {
  const { store, response } = exchange
  const bucket = requireBucket(store, exchange.bucketName)
  const key = requireLegalKey(exchange.key)
  const checksum = checksumSettings(exchange)
  const id = await createUpload(store, bucket, {
    key,
    initiatedAt: exchange.now().getTime(),
    ...describedObject(exchange),
    ...checksum,
  })
  if (checksum) {
    response.setHeader("x-amz-checksum-algorithm", checksum.checksumAlgorithm)
    response.setHeader("x-amz-checksum-type", checksum.checksumType)
  }
  sendXml(exchange, [
    "InitiateMultipartUploadResult",
    [
      ["Bucket", bucket.name],
      ["Key", key],
      ["UploadId", id],
    ],
  ])
}

function checksumSettings(exchange: Exchange) {
  const name = headerValue(exchange, "x-amz-checksum-algorithm")?.toUpperCase()
  const type = headerValue(exchange, "x-amz-checksum-type")?.toUpperCase()
  if (name === undefined) {
    if (type !== undefined)
      throw new S3Error(
        "InvalidRequest",
        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
      )
    return undefined
  }
  if (!isChecksumAlgorithm(name))
    throw new S3Error("InvalidRequest", "Checksum algorithm provided is unsupported.")
  const checksumType = type ?? (name === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE")
  if (!isPossible(name, checksumType))
    throw new S3Error(
      "InvalidRequest",
      `The ${type} checksum type cannot be used with the ${name.toLowerCase()} checksum algorithm.`,
    )
  return { checksumAlgorithm: name, checksumType }
}

function isPossible(algorithm: ChecksumAlgorithm, type: string): type is ChecksumType {
  if (type === "FULL_OBJECT") return hasFullObjectForm(algorithm)
  return type === "COMPOSITE" && algorithm !== "CRC64NVME"
}

/** The upload a request names by key and uploadId. */
export function requestedUpload(exchange: Exchange) {
  const bucket = requireBucket(exchange.store, exchange.bucketName)
  return {
    bucket,
    upload: requireUpload(bucket, exchange.key, parameter(exchange, "uploadId") ?? ""),
  }
}

/** AbortMultipartUpload. */
export async function dropUpload(exchange: Exchange) {
  const { bucket, upload } = requestedUpload(exchange)
  await abortUpload(exchange.store, bucket, upload)
  sendEmpty(exchange, 204)
}

/** CompleteMultipartUpload. */
export async function finishUpload(exchange: Exchange) {
  const { bucket, upload } = requestedUpload(exchange)
  const check = writeCondition(exchange)
  check(bucket.objects.get(upload.key))
  const root = await receiveXml(exchange, "CompleteMultipartUpload", "of object")
  const wanted = root.children.filter(({ name }) => name === "Part")
  if (wanted.length === 0 || wanted.length > MAX_PARTS) throw new S3Error("MalformedXML")

  const object = await completeUpload(exchange.store, bucket, upload, () => {
    const parts = chooseParts(upload, wanted)
    return { parts, object: objectOf(exchange, upload, parts), check }
  })
  const { checksum } = object
  sendXml(exchange, [
    "CompleteMultipartUploadResult",
    [
      ["Location", `http://${exchange.request.headers.host ?? ""}${exchange.target.path}`],
      ["Bucket", bucket.name],
      ["Key", upload.key],
      ["ETag", `"${object.etag}"`],
      ...checksumElements(checksum),
      ...(checksum?.type ? [["ChecksumType", checksum.type] as const] : []),
    ],
  ])
}

export function checksumElements(checksum: Checksum | undefined): Element[] {
  return checksum ? [[`Checksum${checksum.algorithm}`, checksum.value]] : []
}

function chooseParts(upload: Upload, wanted: Node[]) {
  const parts: UploadPart[] = []
  for (const node of wanted) {
    const number = Number(childText(node, "PartNumber") ?? "")
    const etag = childText(node, "ETag")?.trim().replaceAll('"', "").toLowerCase()
    if (!Number.isInteger(number) || number < 1 || etag === undefined)
      throw new S3Error("MalformedXML")
    if (number <= (parts.at(-1)?.number ?? 0)) throw new S3Error("InvalidPartOrder")
    const part = upload.parts.get(number)
    const promised = part?.checksum && childText(node, `Checksum${part.checksum.algorithm}`)
    if (part?.md5 !== etag || (promised !== undefined && promised !== part.checksum?.value))
      throw new S3Error("InvalidPart", undefined, {
        UploadId: upload.id,
        PartNumber: number,
        ETag: etag,
      })
    parts.push(part)
  }
  for (const { number, size, md5 } of parts.slice(0, -1))
    if (size < MIN_PART_BYTES)
      throw new S3Error("EntityTooSmall", undefined, {
        ProposedSize: size,
        MinSizeAllowed: MIN_PART_BYTES,
        PartNumber: number,
        ETag: md5,
      })
  return parts
}

function objectOf(exchange: Exchange, upload: Upload, parts: UploadPart[]) {
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  if (size > MAX_OBJECT_BYTES) throw new S3Error("EntityTooLarge")
  const expectedSize = headerValue(exchange, "x-amz-mp-object-size")
  if (expectedSize !== undefined && expectedSize !== String(size))
    throw new S3Error(
      "InvalidRequest",
      "The provided 'x-amz-mp-object-size' header value does not match what was computed.",
    )
  const digests = Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, "hex")))
  const checksum = wholeChecksum(exchange, upload, parts)
  return {
    size,
    etag: `${createHash("md5").update(digests).digest("hex")}-${parts.length}`,
    lastModified: exchange.now().getTime(),
    parts: parts.map(({ size, md5, checksum }) => ({ size, md5, ...(checksum && { checksum }) })),
    headers: upload.headers,
    metadata: upload.metadata,
    ...(checksum && { checksum }),
  }
}

function wholeChecksum(exchange: Exchange, upload: Upload, parts: UploadPart[]) {
  const { checksumAlgorithm: algorithm, checksumType: type } = upload
  const expected = announcedChecksum(exchange, "of object")
  if (!algorithm || !type) return undefined
  const values = parts.map(({ size, checksum }) => ({ size, value: checksum?.value ?? "" }))
  const whole = combineChecksums(algorithm, type, values)
  if (expected && (expected.algorithm !== algorithm || expected.value !== whole.value))
    throw new S3Error(
      "BadDigest",
      `The ${checksumHeader(expected.algorithm)} you specified did not match the calculated checksum.`,
    )
  return whole
}
