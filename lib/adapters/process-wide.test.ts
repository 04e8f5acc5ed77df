import { expect, it, vi } from "vitest"
import { forgetProcessWide } from "#testing/forget-process-wide.ts"
import { processWide } from "./process-wide.ts"

it("two instances of a module share one value, which is made once", async () => {
  const make = vi.fn(() => ({ count: 0 }))
  vi.resetModules()
  const other = await import("./process-wide.ts")
  expect(other.processWide).not.toBe(processWide)

  processWide("a test", make).count += 1
  other.processWide("a test", make).count += 1

  expect(processWide("a test", make)).toEqual({ count: 2 })
  expect(make).toHaveBeenCalledTimes(1)
  forgetProcessWide("a test")
})

it("a value whose creation failed is created at the next call", () => {
  const fail = (): string => {
    throw new Error("not now")
  }
  expect(() => processWide("a later test", fail)).toThrow("not now")
  expect(processWide("a later test", () => "made")).toBe("made")
  forgetProcessWide("a later test")
})
