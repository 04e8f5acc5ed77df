import { setImmediate } from "node:timers/promises"
import { expect, it } from "vitest"
import { createTurns } from "./turns.ts"

it("runs two at once, in the order in which they came, and goes on after a failure", async () => {
  const inTurn = createTurns(2)
  const begun: number[] = []
  let running = 0
  let most = 0
  const all = Array.from({ length: 50 }, (_, n) =>
    inTurn(async () => {
      begun.push(n)
      running++
      most = Math.max(most, running)
      await setImmediate()
      running--
      if (n % 3 === 0) throw new Error("failed")
      return n
    }),
  )
  const settled = await Promise.allSettled(all)

  expect(most).toBe(2)
  expect(begun).toEqual([...begun.keys()])
  expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(17)
  expect(await inTurn(async () => "free again")).toBe("free again")
})
