import { describe, expect, it } from "vitest"
import { createSemaphore } from "./concurrency.ts"

const never = new AbortController().signal

describe("a semaphore", () => {
  it("gives out slots in the order of the requests, never more than it has", async () => {
    const semaphore = createSemaphore(2)
    const order: number[] = []
    let held = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const release = await semaphore.acquire(never)
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

  it("loses no slot to an aborted wait", async () => {
    const semaphore = createSemaphore(1)
    const first = await semaphore.acquire(never)
    const aborted = new AbortController()
    const second = semaphore.acquire(aborted.signal)
    const third = semaphore.acquire(never)
    aborted.abort()
    first?.()

    expect(await second).toBeNull()
    const release = await third
    expect(release).not.toBeNull()
    release?.()
    expect(await semaphore.acquire(aborted.signal)).toBeNull()
    expect(await semaphore.acquire(never)).not.toBeNull()
  })
})
