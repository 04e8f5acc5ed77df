import { describe, expect, it } from "vitest"
import { createSlots } from "./concurrency.ts"

const never = new AbortController().signal

describe("slots", () => {
  it("are given out in the order of asking, never more than there are", async () => {
    const slots = createSlots(2)
    const order: number[] = []
    let held = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const release = await slots.take(never)
        order.push(index)
        most = Math.max(most, ++held)
        await new Promise((resolve) => setTimeout(resolve, index % 3))
        held -= 1
        release?.()
      }),
    )
    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index))
    expect(most).toBe(2)
  })

  it("are not lost by those who stop waiting", async () => {
    const slots = createSlots(1)
    const first = await slots.take(never)
    const impatient = new AbortController()
    const second = slots.take(impatient.signal)
    const third = slots.take(never)
    impatient.abort()
    first?.()

    expect(await second).toBeNull()
    const release = await third
    expect(release).not.toBeNull()
    release?.()
    expect(await slots.take(impatient.signal)).toBeNull()
    expect(await slots.take(never)).not.toBeNull()
  })
})
