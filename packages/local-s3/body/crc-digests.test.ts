import { randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { createDigest } from "./checksums.ts"

/** Computes a CRC by its definition, bit by bit. */
function reference(polynomial: bigint, width: number, bytes: Buffer) {
  const allOnes = 2n ** BigInt(width) - 1n
  let crc = allOnes
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n
  }
  const hex = (crc ^ allOnes).toString(16).padStart(width / 4, "0")
  return Buffer.from(hex, "hex").toString("base64")
}

describe("a digest of a CRC", () => {
  it.each([
    ["CRC32", 0xedb88320n, 32],
    ["CRC32C", 0x82f63b78n, 32],
    ["CRC64NVME", 0x9a6c9329ac4bc9b5n, 64],
  ] as const)(
    "is %s of every length and alignment, bit for bit",
    (algorithm, polynomial, width) => {
      const digestOf = (...pieces: Buffer[]) => {
        const digest = createDigest(algorithm)
        for (const piece of pieces) digest.update(piece)
        return digest.base64()
      }
      const bytes = randomBytes(200)
      for (let length = 0; length <= 50; length++)
        for (const from of [0, 1, 7]) {
          const piece = bytes.subarray(from, from + length)
          expect(digestOf(piece)).toBe(reference(polynomial, width, piece))
        }
      // More than the library's memory takes at once, in pieces of any size.
      const long = Buffer.concat(Array.from({ length: 600 }, () => bytes))
      const whole = reference(polynomial, width, long)
      expect(digestOf(long)).toBe(whole)
      const pieces = []
      for (let from = 0; from < long.length; from += 37_777)
        pieces.push(long.subarray(from, from + 37_777))
      expect(digestOf(...pieces)).toBe(whole)
    },
  )

  it.each([
    ["CRC32C", "4waSgw=="],
    ["CRC64NVME", "rosUhgp5mIg="],
  ] as const)("of %s is kept apart from others that take turns with it", (algorithm, sum) => {
    const digests = [createDigest(algorithm), createDigest(algorithm)]
    for (const byte of Buffer.from("123456789"))
      for (const digest of digests) {
        digest.update(Buffer.from([byte]))
        digest.base64() // must change nothing
      }
    expect(digests.map((digest) => digest.base64())).toEqual([sum, sum])
  })
})
