import { afterEach, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { batchByBatch, suffer } from "./batch-by-batch.ts"

afterEach(() => vi.restoreAllMocks())

/** A transaction that fails if it has more rows than the database can handle at the moment. */
const write = (rows: number, bearable: number) =>
  db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL statement_timeout = 20`
    await tx.$queryRaw`SELECT pg_sleep(${rows > bearable ? 5 : 0}::float8)::text`
    return "more" as const
  })

it("halves a batch that met a timeout, and grows back", async () => {
  const sizes: number[] = []

  const result = await batchByBatch(async (limit) => {
    sizes.push(limit)
    return sizes.length === 10 ? "done" : write(limit, sizes.length < 5 ? 300 : 100_000)
  })

  expect(result).toBe("done")
  expect(sizes).toEqual([1000, 500, 250, 500, 250, 500, 1000, 2000, 4000, 5000])
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

it.each([
  ["slower by a third and more than 1 ms", [3, 30, 12], [2, 9, 30], true],
  ["almost as fast", [12, 12], [10, 10], false],
  ["slower by less than 1 ms", [1.5], [0.6], false],
  ["not known yet", [], [], false],
])("others suffer from batches if answers beside them are %s", (_, beside, alone, expected) => {
  expect(suffer(beside, alone)).toBe(expected)
})

it("judges by the latest answers, because the load changes", () => {
  const [fast, slow] = [1, 9].map((ms) => Array.from({ length: 50 }, () => ms)) as [
    number[],
    number[],
  ]
  expect(suffer([...slow, ...fast], fast)).toBe(false)
  expect(suffer([...fast, ...slow], fast)).toBe(true)
})

it("pauses after each batch to measure, also if nobody suffers, and not without a pause", async () => {
  const pausesWith = async (pause: number) => {
    const pauses: number[] = []
    let ended: number | undefined
    const write = async () => {
      if (ended !== undefined) pauses.push(performance.now() - ended)
      await db.$queryRaw`SELECT pg_sleep(0.1)::text`
      ended = performance.now()
      return pauses.length === 3 ? "done" : "more"
    }
    await batchByBatch(write, { pause })
    return Math.min(...pauses)
  }
  expect(await pausesWith(2)).toBeGreaterThan(11)
  expect(await pausesWith(0)).toBeLessThan(11)
})
