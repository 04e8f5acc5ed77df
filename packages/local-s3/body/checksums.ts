import { createHash } from "node:crypto"
import { crc32 } from "node:zlib"
import { createCRC32, createCRC64, type IHasher } from "hash-wasm"

export const CHECKSUM_ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA256", "MD5"] as const
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number]

export type ChecksumType = "FULL_OBJECT" | "COMPOSITE"

/** A checksum as S3 shows it: base64, followed by `-N` for a composite one of N parts. */
export type Checksum = { algorithm: ChecksumAlgorithm; value: string; type?: ChecksumType }

type Digest = { update: (chunk: Buffer) => void; base64: () => string }

const crc32c = await createCRC32(0x82f63b78)
const crc64nvme = await createCRC64("9a6c9329ac4bc9b5")

const BYTES: Record<ChecksumAlgorithm, number> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA256: 32,
  MD5: 16,
}

export function isChecksumAlgorithm(name: string): name is ChecksumAlgorithm {
  return CHECKSUM_ALGORITHMS.some((algorithm) => algorithm === name)
}

export function checksumHeader(algorithm: ChecksumAlgorithm) {
  return `x-amz-checksum-${algorithm.toLowerCase()}`
}

/** Whether the text is the canonical base64 of a digest of that algorithm. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, text: string) {
  const bytes = Buffer.from(text, "base64")
  return bytes.length === BYTES[algorithm] && bytes.toString("base64") === text
}

export function createDigest(algorithm: ChecksumAlgorithm): Digest {
  switch (algorithm) {
    case "CRC32":
      return crc32Digest()
    case "CRC32C":
      return crcDigest(crc32c)
    case "CRC64NVME":
      return crcDigest(crc64nvme)
    default: {
      const hash = createHash(algorithm.toLowerCase())
      let text: string | undefined
      return {
        update: (chunk) => hash.update(chunk),
        base64: () => {
          text ??= hash.digest("base64")
          return text
        },
      }
    }
  }
}

export function combineChecksums(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: ReadonlyArray<{ value: string; size: number }>,
): Checksum {
  if (type === "COMPOSITE") {
    const digest = createDigest(algorithm)
    for (const { value } of parts) digest.update(Buffer.from(value, "base64"))
    return { algorithm, type, value: `${digest.base64()}-${parts.length}` }
  }
  const width = BigInt(BYTES[algorithm] * 8)
  const polynomial = POLYNOMIALS[algorithm]
  if (polynomial === undefined) throw new Error(`${algorithm} has no full-object form.`)
  const crc = parts.reduce(
    (whole, { value, size }) =>
      multiply(powerOfX(BigInt(size) * 8n, polynomial, width), whole, polynomial, width) ^
      BigInt(`0x${Buffer.from(value, "base64").toString("hex")}`),
    0n,
  )
  const hex = crc.toString(16).padStart(BYTES[algorithm] * 2, "0")
  return { algorithm, type, value: Buffer.from(hex, "hex").toString("base64") }
}

export function hasFullObjectForm(algorithm: ChecksumAlgorithm) {
  return POLYNOMIALS[algorithm] !== undefined
}

const POLYNOMIALS: Partial<Record<ChecksumAlgorithm, bigint>> = {
  CRC32: 0xedb88320n,
  CRC32C: 0x82f63b78n,
  CRC64NVME: 0x9a6c9329ac4bc9b5n,
}

/** Multiplies two reflected polynomials modulo the CRC's, as zlib's crc32_combine does. */
function multiply(a: bigint, b: bigint, polynomial: bigint, width: bigint) {
  let product = 0n
  let shifted = b
  for (let bit = width - 1n; bit >= 0n; bit--) {
    if ((a >> bit) & 1n) product ^= shifted
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n
  }
  return product
}

function powerOfX(exponent: bigint, polynomial: bigint, width: bigint) {
  let result = 1n << (width - 1n)
  let square = 1n << (width - 2n)
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(square, result, polynomial, width)
    square = multiply(square, square, polynomial, width)
  }
  return result
}

function crc32Digest(): Digest {
  let crc = 0
  return {
    update: (chunk) => {
      crc = crc32(chunk, crc)
    },
    base64: () => uint32Base64(crc),
  }
}

/** Creates a digest of a CRC. Digests share its hasher: each loads its own state. */
function crcDigest(hasher: IHasher): Digest {
  let state = hasher.init().save()
  return {
    update: (chunk) => {
      state = hasher.load(state).update(chunk).save()
    },
    base64: () => Buffer.from(hasher.load(state).digest("binary")).toString("base64"),
  }
}

function uint32Base64(value: number) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes.toString("base64")
}
