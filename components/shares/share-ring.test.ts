import { createElement } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { describe, expect, it } from "vitest"
import { HOUR } from "#testing/units.ts"
import { ShareRing, timeLeft } from "./share-ring.tsx"

const now = new Date("2026-11-01T00:00:00Z")
const left = (hours: number) =>
  timeLeft({ expiresAt: new Date(now.getTime() + hours * HOUR).toISOString() }, now)

const drawn = (status: "open" | "scheduled" | "expired", expiresAt: string | null) =>
  renderToStaticMarkup(
    createElement(ShareRing, { share: { status, expiresAt }, now: now.toISOString() }),
  )

describe("the ring of a share", () => {
  it("has the same scale for every share: full for a week or more, almost empty for an hour", () => {
    expect([left(2_000), left(7 * 24)]).toEqual([1, 1])
    expect(left(7 * 6)).toBe(0.5)
    expect(left(24)).toBeCloseTo(0.378, 3)
    expect(left(1)).toBeCloseTo(0.077, 3)
  })

  it("is empty at the end and after it", () => {
    expect([left(0), left(-5)]).toEqual([0, 0])
  })

  it("stays full for a share that never expires, which has a sign in it", () => {
    expect(timeLeft({ expiresAt: null }, now)).toBe(1)
    expect(drawn("open", null)).toContain("<path")
    expect(drawn("open", "2026-12-01T00:00:00Z")).not.toContain("<path")
  })

  it("has the hands of a clock before the start, and nothing that could be the rest of its time", () => {
    expect(drawn("scheduled", null)).toContain("<path")
    expect(drawn("scheduled", null).match(/<circle/g)).toEqual(
      drawn("expired", null).match(/<circle/g),
    )
  })
})
