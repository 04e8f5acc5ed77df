import { describe, expect, it } from "vitest"
import { createRateMeter } from "./rate-meter.ts"

describe("the rate meter", () => {
  it("has no rate before there is half a second to measure", () => {
    const meter = createRateMeter()
    meter.add(0, 0)
    meter.add(100, 500)

    expect(meter.rate(100)).toBeNull()
  })

  it("measures the last seconds, not the whole time", () => {
    const meter = createRateMeter()
    for (let second = 0; second <= 10; second++) meter.add(second * 1_000, second * 1_000)
    for (let second = 11; second <= 20; second++) {
      meter.add(second * 1_000, 10_000 + (second - 10) * 5_000)
    }

    expect(meter.rate(20_000)).toBe(5_000)
  })

  it("falls while nothing moves", () => {
    const meter = createRateMeter()
    meter.add(0, 0)
    meter.add(1_000, 1_000)

    expect(meter.rate(1_000)).toBe(1_000)
    expect(meter.rate(4_000)).toBe(250)
  })

  it("starts over with a new attempt", () => {
    const meter = createRateMeter()
    meter.add(0, 0)
    meter.add(1_000, 9_000)
    meter.add(2_000, 0)
    meter.add(3_000, 1_000)

    expect(meter.rate(3_000)).toBe(1_000)
  })
})
