import { createHash } from "node:crypto"
import type { Authentication } from "../access/authenticate.ts"
import { EMPTY_SHA256, isSameSignature, scopeText, sha256Hex, signature } from "../access/sigv4.ts"
import { S3Error } from "../s3-error.ts"

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html

export type ChunkedForm = { signed: boolean; trailer: boolean }

const FORMS = new Map<string, ChunkedForm>(
  Object.entries({
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": { signed: true, trailer: false },
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": { signed: true, trailer: true },
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER": { signed: false, trailer: true },
  }),
)

/** The aws-chunked form that an x-amz-content-sha256 value announces, if any. */
export function chunkedForm(payloadHash: string) {
  return FORMS.get(payloadHash)
}

const MAX_LINE_BYTES = 8192
const CRLF = "\r\n"

/**
 * Yields the payload of an aws-chunked body, and adds its trailers to `trailers` before it ends.
 * Refuses with SignatureDoesNotMatch at the first chunk that differs from the signed one, and with
 * MalformedTrailerError if a trailer was not `announced`. The bytes count as verified only when the
 * generator has ended.
 */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  form: ChunkedForm,
  seed: Authentication["seed"],
  trailers: Map<string, string>,
  announced: ReadonlySet<string>,
): AsyncGenerator<Buffer> {
  const input = reader(source)
  let previous = seed.signature

  const verify = (kind: string, provided: string | undefined, hashes: string[]) => {
    const text = [kind, seed.amzDate, scopeText(seed.scope), previous, ...hashes].join("\n")
    const expected = signature(seed.key, text)
    if (!isSameSignature(expected, provided ?? "")) throw new S3Error("SignatureDoesNotMatch")
    previous = expected
  }

  for (;;) {
    const { size, chunkSignature } = parseChunkHeader(await input.line(), form.signed)
    const hash = form.signed ? createHash("sha256") : null
    for (let left = size; left > 0; ) {
      const piece = await input.take(left)
      hash?.update(piece)
      left -= piece.length
      yield piece
    }
    if (hash) verify("AWS4-HMAC-SHA256-PAYLOAD", chunkSignature, [EMPTY_SHA256, hash.digest("hex")])
    if (size === 0) break
    if ((await input.line()) !== "") throw new S3Error("IncompleteBody")
  }

  let canonical = ""
  for (;;) {
    const line = await input.line()
    if (line === "") break
    const colon = line.indexOf(":")
    if (!form.trailer || colon < 1) throw new S3Error("MalformedTrailerError")
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (name === "x-amz-trailer-signature") {
      if (form.signed) verify("AWS4-HMAC-SHA256-TRAILER", value, [sha256Hex(canonical)])
      canonical = ""
      if (await input.isAtEnd()) break // AWS's own example ends without an empty line
      continue
    }
    if (trailers.has(name) || !announced.has(name)) throw new S3Error("MalformedTrailerError")
    trailers.set(name, value)
    canonical += `${name}:${value}\n`
  }
  if (form.signed && canonical !== "") throw new S3Error("SignatureDoesNotMatch")
  if (!(await input.isAtEnd())) throw new S3Error("IncompleteBody")
}

function parseChunkHeader(line: string, signed: boolean) {
  const [hexSize = "", ...extensions] = line.split(";")
  if (!/^[0-9a-fA-F]{1,10}$/.test(hexSize)) throw new S3Error("IncompleteBody")
  const prefix = "chunk-signature="
  const chunkSignature = extensions.find((text) => text.startsWith(prefix))?.slice(prefix.length)
  if (signed && chunkSignature === undefined) throw new S3Error("SignatureDoesNotMatch")
  return { size: Number.parseInt(hexSize, 16), chunkSignature }
}

function reader(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]()
  let buffer: Buffer = Buffer.alloc(0)

  const more = async () => {
    const { done, value } = await chunks.next()
    return done ? null : value
  }
  /** The text up to the next CRLF. */
  const line = async () => {
    for (;;) {
      const end = buffer.indexOf(CRLF)
      if (end !== -1) {
        const text = buffer.toString("latin1", 0, end)
        buffer = buffer.subarray(end + CRLF.length)
        return text
      }
      if (buffer.length > MAX_LINE_BYTES) throw new S3Error("IncompleteBody")
      const next = await more()
      if (!next) throw new S3Error("IncompleteBody")
      buffer = Buffer.concat([buffer, next])
    }
  }
  /** Returns 1 to `max` bytes, not copied. */
  const take = async (max: number) => {
    while (buffer.length === 0) {
      const next = await more()
      if (!next) throw new S3Error("IncompleteBody")
      buffer = next
    }
    const piece = buffer.subarray(0, max)
    buffer = buffer.subarray(piece.length)
    return piece
  }
  const isAtEnd = async () => {
    while (buffer.length === 0) {
      const next = await more()
      if (!next) return true
      buffer = next
    }
    return false
  }
  return { line, take, isAtEnd }
}
