import { describe, expect, it, vi } from "vitest"
import { browserLocks } from "./upload-locks.ts"

describe("the lock of an upload", () => {
  it("is one tab's until it is given back", async () => {
    const unlock = await browserLocks.take("one")
    expect(unlock).not.toBeNull()
    expect(await browserLocks.take("one")).toBeNull()
    expect(await browserLocks.taken()).toEqual(new Set(["one"]))
    const other = await browserLocks.take("two")
    expect(await browserLocks.taken()).toEqual(new Set(["one", "two"]))

    unlock?.()
    other?.()
    await vi.waitFor(async () => expect(await browserLocks.taken()).toEqual(new Set()))
    const again = await browserLocks.take("one")
    expect(again).not.toBeNull()
    again?.()
  })

  it("stands in nobody's way on plain http, where there are no locks", async () => {
    const locks = vi.spyOn(navigator, "locks", "get").mockReturnValue(undefined as never)
    expect(await browserLocks.take("one")).not.toBeNull()
    expect(await browserLocks.take("one")).not.toBeNull()
    expect(await browserLocks.taken()).toEqual(new Set())
    locks.mockRestore()
  })
})
