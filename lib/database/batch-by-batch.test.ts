import { expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { batchByBatch } from "./batch-by-batch.ts"

/** A transaction that the database ends if it has more rows than it bears at the moment. */
const write = (rows: number, bearable: number) =>
  db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL statement_timeout = 20`
    await tx.$queryRaw`SELECT pg_sleep(${rows > bearable ? 5 : 0}::float8)::text`
    return "more" as const
  })

it("halves a batch that met a timeout, goes on at once, and grows back", async () => {
  const sizes: number[] = []
  const began = performance.now()

  const result = await batchByBatch(async (limit) => {
    sizes.push(limit)
    return sizes.length === 10 ? "done" : write(limit, sizes.length < 5 ? 300 : 100_000)
  })

  expect(result).toBe("done")
  expect(sizes).toEqual([1000, 500, 250, 500, 250, 500, 1000, 2000, 4000, 5000])
  expect(performance.now() - began).toBeLessThan(2_000)
})

it("makes the next batch smaller after one that took long", async () => {
  const sizes: number[] = []
  await batchByBatch(async (limit) => {
    sizes.push(limit)
    await db.$queryRaw`SELECT pg_sleep(0.8)::text`
    return sizes.length === 2 ? "done" : "more"
  }, 80)
  expect(sizes).toEqual([80, 40])
})

it("throws what is no timeout, and a timeout of a single row", async () => {
  await expect(batchByBatch(() => db.$queryRaw`SELECT 1 / 0`)).rejects.toThrow("division by zero")
  await expect(batchByBatch(() => write(2, 1), 1)).rejects.toThrow("statement timeout")
})
