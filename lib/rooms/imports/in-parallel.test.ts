import { setTimeout as sleep } from "node:timers/promises"
import { expect, it } from "vitest"
import { inParallel } from "./in-parallel.ts"

it("work in parallel fails with the first failure, begins nothing more, and leaves nothing under way", async () => {
  const begun: number[] = []
  const ended: number[] = []
  const work = async (ms: number) => {
    begun.push(ms)
    await sleep(ms)
    ended.push(ms)
    if (ms === 10) throw new Error("the first")
    if (ms === 30) throw new Error("the second")
  }

  await expect(inParallel(3, [10, 30, 40, 5, 6], work)).rejects.toThrow("the first")

  expect(begun).toEqual([10, 30, 40])
  expect(ended).toEqual(begun)
})
