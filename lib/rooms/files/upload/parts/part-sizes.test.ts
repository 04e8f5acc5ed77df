import { describe, expect, it } from "vitest"
import { MIB } from "#testing/units.ts"
import { partBytes, partCountOf, partSizeOf } from "./part-sizes.ts"

const TIB = 1024 ** 4

describe("the parts of a file", () => {
  const sizes = [0, 1, 8 * MIB, 8 * MIB + 1, 80_000 * MIB, 80_000 * MIB + 1, 100_000 * MIB + 7]
  it.each<[size: number, maxParts: number]>([
    ...[...sizes, 5 * TIB].map((size): [number, number] => [size, 10_000]),
    [80_000 * MIB, 1_000],
  ])(
    "of %i bytes are at most %i, whole MiB from 8 on, equal but the last, and all of it",
    (size, maxParts) => {
      const partSize = partSizeOf(size, maxParts)
      const count = partCountOf({ size, partSize })
      const last = partBytes({ size, partSize }, count)

      expect(partSize % MIB).toBe(0)
      expect(partSize).toBeGreaterThanOrEqual(8 * MIB)
      expect(count).toBeLessThanOrEqual(maxParts)
      expect((count - 1) * partSize + last).toBe(size)
      expect(last).toBeGreaterThanOrEqual(Math.min(size, 1))
      if (count > 1) expect(partBytes({ size, partSize }, 1)).toBe(partSize)
    },
  )
})
