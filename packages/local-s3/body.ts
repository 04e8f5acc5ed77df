import { createHash } from "node:crypto"
import {
  type Checksum,
  type ChecksumAlgorithm,
  checksumHeader,
  createDigest,
  isChecksumAlgorithm,
  isChecksumValue,
} from "./checksums.ts"
import { chunkedForm, decodeChunks } from "./chunked.ts"
import { type Exchange, headerValue } from "./exchange.ts"
import { S3Error } from "./s3-error.ts"
import { type Node, parseXml } from "./xml.ts"

const MAX_SINGLE_PUT_BYTES = 5 * 1024 ** 3
const MAX_XML_BYTES = 8 * 1024 ** 2

/** What a request announces about its body, checked for form before a byte is read. */
type Announced = {
  length: number
  md5: string | undefined
  checksum: { algorithm: ChecksumAlgorithm; value: string | undefined } | undefined
}

/** What really came, after everything announced was found true. `md5` is hex. */
export type Received = { size: number; md5: string; checksum: Checksum | undefined }

/** Reads the announcement of an object's or part's body, so that a bad one is refused early. */
export function announcedBody(
  exchange: Exchange,
  checksumOf: "body" | "of object" = "body",
): Announced {
  const chunked = chunkedForm(exchange.proof.payloadHash)
  const text = chunked
    ? headerValue(exchange, "x-amz-decoded-content-length")
    : exchange.request.headers["content-length"]
  if (text === undefined || !/^\d{1,16}$/.test(text)) throw new S3Error("MissingContentLength")
  const length = Number(text)
  if (length > MAX_SINGLE_PUT_BYTES)
    throw new S3Error("EntityTooLarge", undefined, {
      ProposedSize: length,
      MaxSizeAllowed: MAX_SINGLE_PUT_BYTES,
    })
  if (!chunked && !/^([0-9a-f]{64}|UNSIGNED-PAYLOAD)$/.test(exchange.proof.payloadHash))
    throw new S3Error(
      "InvalidArgument",
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
    )
  return { length, md5: announcedMd5(exchange), checksum: announcedChecksum(exchange, checksumOf) }
}

function announcedMd5(exchange: Exchange) {
  const text = exchange.headers.get("content-md5")?.join(",")
  if (text === undefined) return undefined
  if (!isChecksumValue("MD5", text)) throw new S3Error("InvalidDigest")
  return Buffer.from(text, "base64").toString("hex")
}

/**
 * The checksum a request sends, or announces as a trailer (then without a value). One `of object`
 * may be composed of parts' checksums.
 */
export function announcedChecksum(
  exchange: Exchange,
  of: "body" | "of object" = "body",
): Announced["checksum"] {
  const sent = new Set<string>()
  for (const name of exchange.headers.keys()) sent.add(name)
  if (exchange.proof.presigned)
    for (const [name] of exchange.target.query) sent.add(name.toLowerCase())
  const named = [...sent]
    .filter((name) => /^x-amz-checksum-(?!algorithm$|type$|mode$)/.test(name))
    .map((name) => ({ name, value: headerValue(exchange, name) ?? "" }))
  const trailer = headerValue(exchange, "x-amz-trailer")
  const all = [
    ...named,
    ...(trailer?.split(",") ?? []).map((name) => ({
      name: name.trim().toLowerCase(),
      value: undefined,
    })),
  ]
  const sdkAlgorithm = headerValue(exchange, "x-amz-sdk-checksum-algorithm")
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
 * Hands the payload to `sink`, whose promise is awaited, and verifies what was signed and announced.
 * Only when this returns may the bytes be believed. `always` is computed even if nobody asked.
 */
export async function receiveBody(
  exchange: Exchange,
  announced: Announced,
  sink: (chunk: Buffer) => Promise<void> | undefined,
  always?: ChecksumAlgorithm,
): Promise<Received> {
  const { payloadHash, seed } = exchange.proof
  const form = chunkedForm(payloadHash)
  const trailers = new Map<string, string>()
  exchange.askForBody()
  // A refusal in the middle must leave the connection open for its answer.
  const source: AsyncIterable<Buffer> = exchange.request.iterator({ destroyOnReturn: false })
  const payload = form ? decodeChunks(source, form, seed, trailers) : source

  const md5 = createHash("md5")
  const sha256 = !form && payloadHash !== "UNSIGNED-PAYLOAD" ? createHash("sha256") : null
  const algorithm = announced.checksum?.algorithm ?? always
  const digest = algorithm ? createDigest(algorithm) : null
  let size = 0
  for await (const chunk of payload) {
    size += chunk.length
    if (size > announced.length) throw new S3Error("IncompleteBody")
    const full = sink(chunk)
    md5.update(chunk)
    sha256?.update(chunk)
    digest?.update(chunk)
    if (full) await full
  }
  if (size !== announced.length) throw new S3Error("IncompleteBody")
  if (sha256 && sha256.digest("hex") !== payloadHash) throw new S3Error("XAmzContentSHA256Mismatch")
  const md5Hex = md5.digest("hex")
  if (announced.md5 !== undefined && announced.md5 !== md5Hex) throw new S3Error("BadDigest")

  const checksum = algorithm && digest ? { algorithm, value: digest.base64() } : undefined
  if (announced.checksum && checksum) checkChecksum(announced.checksum.value, checksum, trailers)
  return { size, md5: md5Hex, checksum }
}

function checkChecksum(
  sent: string | undefined,
  { algorithm, value }: Checksum,
  trailers: ReadonlyMap<string, string>,
) {
  const promised = sent ?? trailers.get(checksumHeader(algorithm))
  if (promised === undefined) throw new S3Error("MalformedTrailerError")
  if (!isChecksumValue(algorithm, promised))
    throw new S3Error(
      "InvalidRequest",
      `Value for ${checksumHeader(algorithm)} trailing header is invalid.`,
    )
  if (promised !== value)
    throw new S3Error(
      "BadDigest",
      `The ${algorithm} you specified did not match the calculated checksum.`,
    )
}

/**
 * Reads and parses a small XML body. `required` wants a Content-MD5 or a checksum of it; `of object`
 * says that a checksum header is not about this body.
 */
export async function receiveXml(
  exchange: Exchange,
  root: string,
  integrity: "required" | "optional" | "of object" = "optional",
): Promise<Node> {
  const { checksum, ...announced } = announcedBody(
    exchange,
    integrity === "of object" ? "of object" : "body",
  )
  if (announced.length > MAX_XML_BYTES) throw new S3Error("MalformedXML")
  if (integrity === "required" && !announced.md5 && !checksum)
    throw new S3Error(
      "InvalidRequest",
      "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
    )
  const expected = { ...announced, checksum: integrity === "of object" ? undefined : checksum }
  const chunks: Buffer[] = []
  await receiveBody(exchange, expected, (chunk) => {
    chunks.push(chunk)
    return undefined
  })
  return parseXml(Buffer.concat(chunks).toString("utf8"), root)
}
