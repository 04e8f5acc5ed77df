import { describe, expect, it } from "vitest"
import { timeLeft } from "./share-ring.tsx"

const share = {
  status: "open" as const,
  createdAt: "2026-11-01T00:00:00Z",
  startsAt: null,
  expiresAt: "2026-11-11T00:00:00Z",
}
const left = (at: string, change = {}) => timeLeft({ ...share, ...change }, new Date(at))

describe("the ring of a share", () => {
  it("empties from when it was made to when it lapses", () => {
    expect(left("2026-11-01T00:00:00Z")).toBe(1)
    expect(left("2026-11-06T00:00:00Z")).toBe(0.5)
    expect(left("2026-11-20T00:00:00Z")).toBe(0)
  })

  it("counts from its start where it has one", () => {
    expect(left("2026-11-08T00:00:00Z", { startsAt: "2026-11-06T00:00:00Z" })).toBeCloseTo(0.6)
    expect(left("2026-11-02T00:00:00Z", { startsAt: "2026-11-06T00:00:00Z" })).toBe(1)
  })

  it("stays full where it never lapses", () => {
    expect(left("2036-11-02T00:00:00Z", { expiresAt: null })).toBe(1)
  })
})
