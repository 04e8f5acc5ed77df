import { describe, expect, it } from "vitest"
import { createPace } from "./pace.ts"
import { addSpan, missingSpans, type Span, spannedBytes } from "./spans.ts"

const MIB = 1024 ** 2

describe("written bytes", () => {
  it("are merged where they touch, whatever their order", () => {
    const all = [2, 0, 4, 1, 5, 3].map((at) => ({ from: at * 10, to: at * 10 + 10 }))
    let spans: Span[] = []
    for (const span of all.slice(0, 3)) spans = addSpan(spans, span)
    expect(spans).toEqual([
      { from: 0, to: 10 },
      { from: 20, to: 30 },
      { from: 40, to: 50 },
    ])
    expect(missingSpans(spans, 70)).toEqual([
      { from: 10, to: 20 },
      { from: 30, to: 40 },
      { from: 50, to: 70 },
    ])
    expect(spannedBytes(spans)).toBe(30)
    for (const span of all.slice(3)) spans = addSpan(spans, span)
    expect(spans).toEqual([{ from: 0, to: 60 }])
    expect(missingSpans(spans, 60)).toEqual([])
  })

  it("are those of any order of random spans", () => {
    for (let round = 0; round < 200; round++) {
      const has = new Array(40).fill(false)
      let spans: Span[] = []
      for (let n = 0; n < 8; n++) {
        const from = Math.floor(Math.random() * 40)
        const to = Math.min(40, from + Math.floor(Math.random() * 8))
        has.fill(true, from, to)
        spans = addSpan(spans, { from, to })
      }
      expect(spannedBytes(spans)).toBe(has.filter(Boolean).length)
      expect(spannedBytes(missingSpans(spans, 40))).toBe(has.filter((is) => !is).length)
    }
  })
})

describe("the pace", () => {
  it("has smaller ranges on a slow connection and larger ones again on a fast one", () => {
    const pace = createPace()
    for (let n = 0; n < 9; n++) pace.ended(20_000)
    expect(pace.rangeBytes()).toBe(MIB)
    for (let n = 0; n < 9; n++) pace.ended(100)
    expect(pace.rangeBytes()).toBe(8 * MIB)
  })

  it("has fewer ranges at a time when the store asks to slow down, and more again later", () => {
    const pace = createPace()
    pace.slowDown()
    expect(pace.limit()).toBe(2)
    pace.slowDown()
    pace.slowDown()
    expect(pace.limit()).toBe(1)
    for (let n = 0; n < 8; n++) pace.ended(100)
    expect(pace.limit()).toBe(2)
    for (let n = 0; n < 80; n++) pace.ended(100)
    expect(pace.limit()).toBe(4)
  })
})
