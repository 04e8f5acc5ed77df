import { createHash } from "node:crypto"
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  type ChecksumType,
  checksumHeader,
  combineChecksums,
  hasFullObjectForm,
  isChecksumAlgorithm,
} from "../body/checksums.ts"
import { expectedChecksum, receiveXml } from "../body/request-body.ts"
import {
  addUpload,
  assembleUpload,
  findCompletion,
  removeUpload,
} from "../disk/multipart-uploads.ts"
import {
  requireBucket,
  requireNotDeleted,
  requireUpload,
  type Upload,
  type UploadPart,
} from "../disk/store.ts"
import { writePrecondition } from "../requests/conditional-requests.ts"
import { readObjectHeaders, readTags } from "../requests/object-headers.ts"
import {
  headerValue,
  parameter,
  type RequestContext,
  requireValidKey,
} from "../requests/request-context.ts"
import { childText, type Node } from "../requests/xml.ts"
import { sendEmpty, sendXml } from "../respond.ts"
import { S3Error } from "../s3-error.ts"
import { checksumElements } from "./xml-elements.ts"

const MIN_PART_BYTES = 5 * 1024 ** 2
const MAX_PARTS = 10_000
const MAX_OBJECT_BYTES = 5 * 1024 ** 4

export async function createMultipartUpload(context: RequestContext) {
  const { store, response } = context
  const bucket = requireBucket(store, context.bucketName)
  const key = requireValidKey(context.key)
  const checksum = checksumSettings(context)
  const settings = {
    key,
    initiatedAt: context.now().getTime(),
    ...readObjectHeaders(context),
    ...readTags(context),
    ...checksum,
  }
  const id = await context.reserve.write(0, () => addUpload(store, bucket, settings))
  if (checksum) {
    response.setHeader("x-amz-checksum-algorithm", checksum.checksumAlgorithm)
    response.setHeader("x-amz-checksum-type", checksum.checksumType)
  }
  sendXml(context, [
    "InitiateMultipartUploadResult",
    [
      ["Bucket", bucket.name],
      ["Key", key],
      ["UploadId", id],
    ],
  ])
}

function checksumSettings(context: RequestContext) {
  const name = headerValue(context, "x-amz-checksum-algorithm")?.toUpperCase()
  const type = headerValue(context, "x-amz-checksum-type")?.toUpperCase()
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

export function requestedUpload(context: RequestContext) {
  const bucket = requireBucket(context.store, context.bucketName)
  return {
    bucket,
    upload: requireUpload(bucket, context.key, parameter(context, "uploadId") ?? ""),
  }
}

export async function abortMultipartUpload(context: RequestContext) {
  const { bucket, upload } = requestedUpload(context)
  await removeUpload(context.store, bucket, upload)
  sendEmpty(context, 204)
}

/**
 * Turns the parts into an object. A repeated or simultaneous request gets the same answer, because
 * the object, or the record of a replaced one, names its upload.
 */
export async function completeMultipartUpload(context: RequestContext) {
  const { store, key } = context
  const bucket = requireBucket(store, context.bucketName)
  const id = parameter(context, "uploadId") ?? ""
  const requirePrecondition = writePrecondition(context)
  if (!findCompletion(bucket, key, id)) {
    requireUpload(bucket, key, id)
    requirePrecondition(bucket.objects.get(key))
    requireNotDeleted(store, bucket, key)
  }
  const root = await receiveXml(context, "CompleteMultipartUpload", "of object")
  const wanted = root.children.filter(({ name }) => name === "Part")
  if (wanted.length === 0 || wanted.length > MAX_PARTS) throw new S3Error("MalformedXML")

  const { etag, checksum } = await assembleUpload(store, bucket, { key, id }, (upload) => {
    const parts = selectParts(upload, wanted)
    return { parts, object: assembledObject(context, upload, parts), requirePrecondition }
  })
  if (etag !== etagOf(wanted.map(wantedEtag))) throw new S3Error("InvalidPart")
  sendXml(context, [
    "CompleteMultipartUploadResult",
    [
      ["Location", `http://${context.request.headers.host ?? ""}${context.target.path}`],
      ["Bucket", bucket.name],
      ["Key", key],
      ["ETag", `"${etag}"`],
      ...checksumElements(checksum),
      ...(checksum?.type ? [["ChecksumType", checksum.type] as const] : []),
    ],
  ])
}

function wantedEtag(part: Node) {
  return childText(part, "ETag")?.trim().replaceAll('"', "").toLowerCase() ?? ""
}

function etagOf(md5s: string[]) {
  const digests = Buffer.concat(md5s.map((md5) => Buffer.from(md5, "hex")))
  return `${createHash("md5").update(digests).digest("hex")}-${md5s.length}`
}

function selectParts(upload: Upload, wanted: Node[]) {
  const parts: UploadPart[] = []
  for (const node of wanted) {
    const number = Number(childText(node, "PartNumber") ?? "")
    const etag = wantedEtag(node)
    if (!Number.isInteger(number) || number < 1 || etag === "") throw new S3Error("MalformedXML")
    if (number <= (parts.at(-1)?.number ?? 0)) throw new S3Error("InvalidPartOrder")
    const part = upload.parts.get(number)
    if (part?.md5 !== etag || !hasStatedChecksums(part, node))
      throw new S3Error("InvalidPart", undefined, {
        UploadId: upload.id,
        PartNumber: number,
        ETag: etag,
      })
    if (upload.checksumType === "COMPOSITE" && !statedChecksum(node, upload.checksumAlgorithm))
      throw new S3Error(
        "InvalidRequest",
        `The upload was created using a ${upload.checksumAlgorithm?.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      )
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

function statedChecksum(part: Node, algorithm: ChecksumAlgorithm | undefined) {
  return algorithm && childText(part, `Checksum${algorithm}`)
}

/** Whether every checksum that the request states for a part equals the computed one. */
function hasStatedChecksums({ checksum }: UploadPart, node: Node) {
  return CHECKSUM_ALGORITHMS.every((algorithm) => {
    const stated = statedChecksum(node, algorithm)
    return stated === undefined || (checksum?.algorithm === algorithm && checksum.value === stated)
  })
}

function assembledObject(context: RequestContext, upload: Upload, parts: UploadPart[]) {
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  if (size > MAX_OBJECT_BYTES) throw new S3Error("EntityTooLarge")
  const expectedSize = headerValue(context, "x-amz-mp-object-size")
  if (expectedSize !== undefined && expectedSize !== String(size))
    throw new S3Error(
      "InvalidRequest",
      "The provided 'x-amz-mp-object-size' header value does not match what was computed.",
    )
  const checksum = objectChecksum(context, upload, parts)
  return {
    size,
    etag: etagOf(parts.map(({ md5 }) => md5)),
    lastModified: context.now().getTime(),
    parts: parts.map(({ size, md5, checksum }) => ({ size, md5, ...(checksum && { checksum }) })),
    headers: upload.headers,
    metadata: upload.metadata,
    ...(upload.tags && { tags: upload.tags }),
    ...(checksum && { checksum }),
  }
}

function objectChecksum(context: RequestContext, upload: Upload, parts: UploadPart[]) {
  const { checksumAlgorithm: algorithm, checksumType: type } = upload
  const expected = expectedChecksum(context, "object")
  const statedType = headerValue(context, "x-amz-checksum-type")?.toUpperCase()
  if (statedType !== undefined && statedType !== type)
    throw new S3Error(
      "InvalidRequest",
      `The upload was created using the ${type ?? "no"} checksum mode. The complete request must use the same checksum mode.`,
    )
  if (!algorithm || !type) {
    if (!expected) return undefined
    throw new S3Error(
      "InvalidRequest",
      "The upload was created without a checksum algorithm. The complete request must not state a checksum.",
    )
  }
  const values = parts.map(({ size, checksum }) => ({ size, value: checksum?.value ?? "" }))
  const whole = combineChecksums(algorithm, type, values)
  const accepted = [whole.value, ...(type === "COMPOSITE" ? [whole.value.split("-")[0]] : [])]
  if (expected && (expected.algorithm !== algorithm || !accepted.includes(expected.value)))
    throw new S3Error(
      "BadDigest",
      `The ${checksumHeader(expected.algorithm)} you specified did not match the calculated checksum.`,
    )
  return whole
}
