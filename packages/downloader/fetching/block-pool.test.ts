import { expect, it } from "vitest"
import { BLOCK_BYTES, createBlockPool } from "./block-pool.ts"

it("a pool of blocks gives out again what came back, and nothing of another size", () => {
  const pool = createBlockPool()
  const first = pool.take()
  expect(pool.take()).not.toBe(first)
  pool.give(new ArrayBuffer(BLOCK_BYTES - 1))
  pool.give(first)
  expect(pool.take()).toBe(first)
  expect(pool.take().byteLength).toBe(BLOCK_BYTES)
})

it("a pool of blocks does not take back a buffer that was transferred away", () => {
  const pool = createBlockPool()
  const buffer = pool.take()
  structuredClone(buffer, { transfer: [buffer] })
  pool.give(buffer)
  expect(pool.take().byteLength).toBe(BLOCK_BYTES)
})
