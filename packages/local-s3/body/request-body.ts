import { createHash } from "node:crypto"
import { commitDeadline } from "../requests/conditional-requests.ts"
import { headerNames, headerValue, type RequestContext } from "../requests/request-context.ts"
import { type Node, parseXml } from "../requests/xml.ts"
import { S3Error } from "../s3-error.ts"
import { chunkedForm, decodeChunks } from "./aws-chunked.ts"
import {
  type Checksum,
  type ChecksumAlgorithm,
  checksumHeader,
  createDigest,
  isChecksumAlgorithm,
  isChecksumValue,
} from "./checksums.ts"
import type { Draft } from "./drafts.ts"

const MAX_SINGLE_PUT_BYTES = 5 * 1024 ** 3
const MAX_XML_BYTES = 8 * 1024 ** 2

/** The headers' statements about the body, checked for syntax before a byte is read. */
type ExpectedBody = {
  length: number
  md5: string | undefined
  checksum: { algorithm: ChecksumAlgorithm; value: string | undefined } | undefined
}

/** A body that arrived as announced. `md5` is hex. */
type ReceivedBody = { size: number; md5: string; checksum: Checksum | undefined }

/** Reads the headers about the body of an object or part. Refuses invalid ones at once. */
export function expectedBody(
  context: RequestContext,
  checksumOf: "body" | "object" = "body",
): ExpectedBody {
  const chunked = chunkedForm(context.authentication.payloadHash)
  const text = chunked
    ? headerValue(context, "x-amz-decoded-content-length")
    : context.request.headers["content-length"]
  if (text === undefined || !/^\d{1,16}$/.test(text)) throw new S3Error("MissingContentLength")
  const length = Number(text)
  if (length > MAX_SINGLE_PUT_BYTES)
    throw new S3Error("EntityTooLarge", undefined, {
      ProposedSize: length,
      MaxSizeAllowed: MAX_SINGLE_PUT_BYTES,
    })
  if (!chunked && !/^([0-9a-f]{64}|UNSIGNED-PAYLOAD)$/.test(context.authentication.payloadHash))
    throw new S3Error(
      "InvalidArgument",
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
    )
  return { length, md5: expectedMd5(context), checksum: expectedChecksum(context, checksumOf) }
}

function expectedMd5(context: RequestContext) {
  const text = context.headers.get("content-md5")?.join(",")
  if (text === undefined) return undefined
  if (!isChecksumValue("MD5", text)) throw new S3Error("InvalidDigest")
  return Buffer.from(text, "base64").toString("hex")
}

function announcedTrailers(context: RequestContext) {
  const names = headerValue(context, "x-amz-trailer")?.split(",") ?? []
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== "")
}

/**
 * The checksum that a request sends or, without a value, the one that follows as a trailer. The
 * checksum of an `object` may be a composite of the parts' checksums.
 */
export function expectedChecksum(
  context: RequestContext,
  of: "body" | "object" = "body",
): ExpectedBody["checksum"] {
  const named = [...headerNames(context)]
    .filter((name) => /^x-amz-checksum-(?!algorithm$|type$|mode$)/.test(name))
    .map((name) => ({ name, value: headerValue(context, name) ?? "" }))
  const all = [...named, ...announcedTrailers(context).map((name) => ({ name, value: undefined }))]
  const type = headerValue(context, "x-amz-checksum-type")?.toUpperCase()
  if (of === "body" && type !== undefined && type !== "FULL_OBJECT")
    throw new S3Error("InvalidRequest", "Value for x-amz-checksum-type header is invalid.")
  const sdkAlgorithm = headerValue(context, "x-amz-sdk-checksum-algorithm")
  const [first] = all
  if (!first) {
    if (sdkAlgorithm)
      throw new S3Error(
        "InvalidRequest",
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
      )
    return undefined
  }
  if (all.length > 1)
    throw new S3Error(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    )
  const algorithm = first.name.replace("x-amz-checksum-", "").toUpperCase()
  if (!first.name.startsWith("x-amz-checksum-") || !isChecksumAlgorithm(algorithm))
    throw new S3Error("NotImplemented", undefined, { Header: first.name })
  if (sdkAlgorithm && sdkAlgorithm.toUpperCase() !== algorithm)
    throw new S3Error("InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid.")
  const value = of === "body" ? first.value : first.value?.replace(/-\d{1,5}$/, "")
  if (value !== undefined && !isChecksumValue(algorithm, value))
    throw new S3Error("InvalidRequest", `Value for ${first.name} header is invalid.`)
  return { algorithm, value: first.value }
}

/**
 * Passes the payload to `sink` and awaits the promises that it returns. The bytes count as verified
 * only when this returns. A checksum of `ownAlgorithm` is computed if the request sent none.
 */
export async function receiveBody(
  context: RequestContext,
  expected: ExpectedBody,
  sink: (chunk: Buffer) => Promise<void> | undefined,
  { draft, ownAlgorithm }: { draft: Draft; ownAlgorithm?: ChecksumAlgorithm | undefined },
): Promise<ReceivedBody> {
  const { payloadHash, seed } = context.authentication
  const form = chunkedForm(payloadHash)
  const trailers = new Map<string, string>()
  context.sendContinue()
  // An early refusal leaves the connection open, so that the client gets the response.
  const arriving: AsyncIterable<Buffer> = context.request.iterator({ destroyOnReturn: false })
  const source = inTime(context, arriving, draft)
  const announced = new Set(announcedTrailers(context))
  const payload = form ? decodeChunks(source, form, seed, trailers, announced) : source

  const md5 = createHash("md5")
  const sha256 = !form && payloadHash !== "UNSIGNED-PAYLOAD" ? createHash("sha256") : null
  const algorithm = expected.checksum?.algorithm ?? ownAlgorithm
  const digest = algorithm ? createDigest(algorithm) : null
  let size = 0
  for await (const chunk of payload) {
    size += chunk.length
    if (size > expected.length) throw new S3Error("IncompleteBody")
    const full = sink(chunk)
    md5.update(chunk)
    sha256?.update(chunk)
    digest?.update(chunk)
    if (full) await full
  }
  if (size !== expected.length) throw new S3Error("IncompleteBody")
  if (sha256 && sha256.digest("hex") !== payloadHash) throw new S3Error("XAmzContentSHA256Mismatch")
  const md5Hex = md5.digest("hex")
  if (expected.md5 !== undefined && expected.md5 !== md5Hex) throw new S3Error("BadDigest")

  const checksum = algorithm && digest ? { algorithm, value: digest.base64() } : undefined
  if (expected.checksum && checksum) checkChecksum(expected.checksum.value, checksum, trailers)
  draft.commit()
  return { size, md5: md5Hex, checksum }
}

/** Passes a body on while it keeps arriving and can still be complete in time. */
async function* inTime(context: RequestContext, body: AsyncIterable<Buffer>, draft: Draft) {
  const deadline = commitDeadline(context)
  const chunks = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      deadline.require()
      const { done, value } = await draft.next(chunks.next(), deadline.leftMs())
      if (done) return
      yield value
    }
  } finally {
    // It takes effect only once the awaited chunk has arrived, so it is not awaited here.
    chunks.return?.().catch(() => {})
  }
}

function checkChecksum(
  sent: string | undefined,
  { algorithm, value }: Checksum,
  trailers: ReadonlyMap<string, string>,
) {
  const declared = sent ?? trailers.get(checksumHeader(algorithm))
  if (declared === undefined) throw new S3Error("MalformedTrailerError")
  if (!isChecksumValue(algorithm, declared))
    throw new S3Error(
      "InvalidRequest",
      `Value for ${checksumHeader(algorithm)} trailing header is invalid.`,
    )
  if (declared !== value)
    throw new S3Error(
      "BadDigest",
      `The ${algorithm} you specified did not match the calculated checksum.`,
    )
}

/**
 * Reads and parses a small XML body. With `required` it needs a Content-MD5 or a checksum. With `of
 * object` a checksum header is about the object, not about this body.
 */
export async function receiveXml(
  context: RequestContext,
  root: string,
  integrity: "required" | "optional" | "of object" = "optional",
): Promise<Node> {
  const { checksum, ...rest } = expectedBody(context, integrity === "of object" ? "object" : "body")
  if (rest.length > MAX_XML_BYTES) throw new S3Error("MalformedXML")
  if (integrity === "required" && !rest.md5 && !checksum)
    throw new S3Error(
      "InvalidRequest",
      "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
    )
  const expected = { ...rest, checksum: integrity === "of object" ? undefined : checksum }
  const chunks: Buffer[] = []
  const take = (chunk: Buffer) => {
    chunks.push(chunk)
    return undefined
  }
  await receiveBody(context, expected, take, { draft: context.drafts.unlimited() })
  return parseXml(Buffer.concat(chunks).toString("utf8"), root)
}
