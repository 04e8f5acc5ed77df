import { createHash, randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { createWholeHash } from "./whole-hash.ts"

const BLOCK = 64 * 1024

const someBlocks = (count: number) =>
  Array.from({ length: count }, (_, place) => ({
    at: place * BLOCK,
    bytes: new Uint8Array(randomBytes(BLOCK)),
  }))

const digestOf = (blocks: { bytes: Uint8Array }[]) =>
  createHash("sha256")
    .update(Buffer.concat(blocks.map(({ bytes }) => bytes)))
    .digest("hex")

describe("the hash of a whole file", () => {
  it("is right for bytes in any order, and gives each buffer back once", async () => {
    const blocks = someBlocks(12)
    const used: Uint8Array[] = []
    const hash = await createWholeHash(12 * BLOCK, { onUsed: (bytes) => used.push(bytes) })
    const order = [3, 0, 2, 1, 7, 6, 5, 4, 11, 8, 9, 10].flatMap((place) => blocks[place] ?? [])
    for (const { bytes, at } of order) hash.feed(bytes, at)
    expect(hash.isDone()).toBe(true)
    expect(hash.digest()).toBe(digestOf(blocks))
    expect(used).toHaveLength(12)
    expect(new Set(used).size).toBe(12)
  })

  it("gives buffers back that it cannot keep, and reads what is missing at the end", async () => {
    const blocks = someBlocks(8)
    const used: Uint8Array[] = []
    const hash = await createWholeHash(8 * BLOCK, {
      earlyBytes: 2 * BLOCK,
      onUsed: (bytes) => used.push(bytes),
    })
    for (const { bytes, at } of blocks.slice(1)) hash.feed(bytes, at)
    expect(used).toHaveLength(5)
    const [first] = blocks
    if (first) hash.feed(first.bytes, first.at)
    if (first) hash.feed(first.bytes, first.at)
    expect(used).toHaveLength(9)
    await hash.readRest(new Blob(blocks.map(({ bytes }) => bytes)), new AbortController().signal)
    expect(hash.digest()).toBe(digestOf(blocks))
  })
})
