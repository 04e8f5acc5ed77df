import { afterEach, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { batchByBatch } from "./batch-by-batch.ts"

afterEach(() => vi.restoreAllMocks())

/** A transaction that fails if it has more rows than the database can handle at the moment. */
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

it("makes the next batch smaller after one that took long, down to a few hundred rows", async () => {
  const sizes: number[] = []
  let now = 0
  vi.spyOn(performance, "now").mockImplementation(() => now)
  await batchByBatch(async (limit) => {
    sizes.push(limit)
    now += 2_500
    return sizes.length === 4 ? "done" : "more"
  })
  expect(sizes).toEqual([1000, 500, 250, 250])
})

it("rethrows any other error, and a timeout of a single row", async () => {
  await expect(batchByBatch(() => db.$queryRaw`SELECT 1 / 0`)).rejects.toThrow("division by zero")
  await expect(batchByBatch(() => write(2, 1), { most: 1 })).rejects.toThrow("statement timeout")
})

/** Returns the median pause of 20 batches of 50 ms each, with a pause of twice their time. */
async function pausesAfter(write: () => Promise<unknown>) {
  const pauses: number[] = []
  let ended: number | undefined
  await batchByBatch(
    async () => {
      if (ended !== undefined) pauses.push(performance.now() - ended)
      await write()
      ended = performance.now()
      return pauses.length === 20 ? "done" : "more"
    },
    { pause: 2 },
  )
  return pauses.sort((a, b) => a - b)[10] ?? 0
}

it("pauses for a multiple of a batch's time while the database answers slowly beside batches", async () => {
  const busy = async () => {
    // Blocks this process, as statements of clicks would wait for a processor.
    for (const until = performance.now() + 50; performance.now() < until; ) {
      for (const slice = performance.now() + 10; performance.now() < slice; );
      await new Promise(setImmediate)
    }
  }
  expect(await pausesAfter(busy)).toBeGreaterThan(90)
})

it("pauses only to measure while nothing suffers from its batches", async () => {
  expect(await pausesAfter(() => db.$queryRaw`SELECT pg_sleep(0.05)::text`)).toBeLessThan(60)
})
