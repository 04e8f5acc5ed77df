import { describe, expect, it } from "vitest"
import { MIB } from "#testing/units.ts"
import { databaseMemory, heapOptions, memoryLimit } from "./memory-limit.mjs"

describe("the bounds of memory", () => {
  it("follow from the container or the machine", () => {
    expect(memoryLimit()).toBeGreaterThan(100 * MIB)
    expect(heapOptions(64 * 1024 * MIB)).toEqual([
      "--max-old-space-size=256",
      "--max-semi-space-size=16",
    ])
    expect(heapOptions(512 * MIB)).toEqual(heapOptions(64 * 1024 * MIB))
    expect(heapOptions(384 * MIB)).toEqual(["--max-old-space-size=192", "--max-semi-space-size=8"])
    expect(heapOptions(64 * MIB)).toContain("--max-old-space-size=128")
  })

  it("give way to what NODE_OPTIONS says", () => {
    expect(heapOptions(512 * MIB, "--max-old-space-size=900")).toEqual(["--max-semi-space-size=16"])
  })

  it("leave PostgreSQL its defaults where there is room", () => {
    expect(databaseMemory(16 * 1024 * MIB)).toEqual({
      shared_buffers: "128MB",
      maintenance_work_mem: "64MB",
    })
    expect(databaseMemory(1024 * MIB)).toEqual({
      shared_buffers: "64MB",
      maintenance_work_mem: "32MB",
    })
  })
})
